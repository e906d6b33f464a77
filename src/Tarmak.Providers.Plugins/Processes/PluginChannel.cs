using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>Opens the ways to a plugin: a Unix socket, or mutual TLS.</summary>
internal static class PluginChannel
{
    private static readonly TimeSpan SocketLook = TimeSpan.FromMilliseconds(20);

    /// <summary>The way to a process of this machine; it may not listen yet.</summary>
    public static GrpcChannel To(PluginProcess process, PluginLimits limits, TimeProvider time) => GrpcChannel.ForAddress("http://plugin", Options(limits, new SocketsHttpHandler
    {
        UseProxy = false,

        // The handshake's own deadline comes first, and tells more.
        ConnectTimeout = 2 * limits.Handshake,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = async (_, cancellationToken) => await ConnectAsync(process, time, cancellationToken).ConfigureAwait(false),
    }));

    /// <summary>The way to a plugin that runs elsewhere. Its files are read now, so that renewed ones are used by the next connection.</summary>
    /// <exception cref="ProviderException">A file cannot be used.</exception>
    public static GrpcChannel To(InstalledPlugin plugin, PluginLimits limits)
    {
        var file = plugin.File;
        try
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(Path.GetFullPath(file.Authority!, plugin.Folder));
            var own = X509Certificate2.CreateFromPemFile(Path.GetFullPath(file.Certificate!, plugin.Folder), Path.GetFullPath(file.Key!, plugin.Folder));
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(authority);
            return GrpcChannel.ForAddress(file.Address!, Options(limits, new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectTimeout = limits.Handshake,
                SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [own], CertificateChainPolicy = trust, LocalCertificateSelectionCallback = (_, _, _, _, _) => own },
            }));
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ProviderException(
                ErrorClass.Unauthenticated,
                $"Plugin {plugin.Type}: authority, certificate or key in {Path.Combine(plugin.Folder, PluginFile.Name)} cannot be used: {unusable.Message}", unusable);
        }
    }

    private static GrpcChannelOptions Options(PluginLimits limits, SocketsHttpHandler handler) => new()
    {
        HttpHandler = handler,
        DisposeHttpClient = true,
        MaxReceiveMessageSize = limits.MessageBytes,
        MaxSendMessageSize = limits.MessageBytes,
    };

    private static async Task<Stream> ConnectAsync(PluginProcess process, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(process.SocketPath), cancellationToken).ConfigureAwait(false);
                if (!PeerCredentials.IsSameUser(socket))
                {
                    throw new UnauthorizedAccessException("The socket belongs to another user.");
                }

                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (!process.Exited.IsCompleted)
            {
                // It does not listen yet. Nothing tells when it does but looking.
                socket.Dispose();
                await Task.Delay(SocketLook, time, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
