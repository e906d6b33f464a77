using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Tarmak.Agent.Trust;
using Tarmak.Api.Reach;

namespace Tarmak.Agent.Running;

/// <summary>Connections to the engine: through the relay, to nobody but the holder of the pinned authority's certificate.</summary>
internal static class EngineChannel
{
    private const int LargestMessage = 18 * 1024 * 1024;

    /// <summary>Opens a channel. It dials when it is first used and again whenever it must.</summary>
    /// <param name="relayAddress"><c>host:port</c> of the relay.</param>
    /// <param name="pinned">The pinned authority.</param>
    /// <param name="identity">The agent's certificate with its key; null for enrolment.</param>
    /// <param name="log">The journal.</param>
    /// <returns>The channel.</returns>
    public static GrpcChannel Open(string relayAddress, PinnedAuthority pinned, X509Certificate2? identity, AgentLog log)
    {
        int colon = relayAddress.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(relayAddress.AsSpan(colon + 1), out int port))
        {
            throw new AgentException($"The relay's address must be host:port, not {relayAddress}.");
        }

        string host = relayAddress[..colon].Trim('[', ']');
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = false,
            // The relay holds an agent up to ten seconds until an engine is there.
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = AuthorityExtension.EngineName,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowTlsResume = false,
                ClientCertificateContext = identity is null ? null : SslStreamCertificateContext.Create(identity, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) => IsEngine(certificate, pinned, log),
            },
        };
        return GrpcChannel.ForAddress($"https://{AuthorityExtension.EngineName}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
        });
    }

    private static bool IsEngine(X509Certificate? certificate, PinnedAuthority pinned, AgentLog log)
    {
        using X509Certificate2? server = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        string? reason = server is null ? "it has none" : pinned.RefuseServer(server);
        if (reason is not null)
        {
            log.Error("What answers at the relay's address is not our engine and is not spoken to.", ("certificate", reason));
        }

        return reason is null;
    }
}
