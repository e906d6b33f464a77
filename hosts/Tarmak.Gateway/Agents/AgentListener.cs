using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;

namespace Tarmak.Gateway.Agents;

/// <summary>
/// Serves the agents' contract, and nothing but it, on a Unix socket of its own: a web application apart from the
/// operators', so that no route of one can be reached through the other. TLS ends here; the client certificate is
/// optional for the handshake, because enrolment has none yet, and required by every other call.
/// </summary>
/// <param name="options">Where it listens.</param>
/// <param name="authority">The engine's authority.</param>
/// <param name="services">What the service works on.</param>
public sealed class AgentListener(AgentListenerOptions options, EngineAuthority authority, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    /// <summary>Longest path a Unix socket can have on the systems we run on.</summary>
    private const int LongestSocketPath = 100;

    private const int LargestMessage = 1024 * 1024;

    private WebApplication? _application;
    private string? _temporary;

    /// <summary>The socket's path.</summary>
    public string SocketPath
    {
        get
        {
            string path = Path.Combine(options.SocketDirectory, "agents.sock");
            if (System.Text.Encoding.UTF8.GetByteCount(path) <= LongestSocketPath)
            {
                return path;
            }

            // Made with mode 0700 and a name nobody can foresee.
            return Path.Combine(_temporary ??= Directory.CreateTempSubdirectory("tarmak-").FullName, "agents.sock");
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string path = SocketPath;
        string directory = Path.GetDirectoryName(path)!;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory, Private);
            File.SetUnixFileMode(directory, Private);
        }

        // What an engine that was killed left behind.
        File.Delete(path);

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, path));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = AgentService.LargestBundle + LargestMessage;
            grpc.EnableDetailedErrors = false;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, OuterLifetime>());
        builder.Services.Replace(ServiceDescriptor.Singleton(services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(authority);
        builder.Services.AddSingleton(services.GetRequiredService<IAgentDirectory>());
        builder.Services.AddSingleton(services.GetRequiredService<IInstanceBundles>());
        builder.Services.AddSingleton(services.GetRequiredService<IEnvironmentStores>());
        builder.Services.AddSingleton(services.GetRequiredService<IConvergenceHints>());
        builder.Services.AddSingleton(services.GetRequiredService<IInstanceGrants>());
        builder.Services.AddSingleton(services.GetRequiredService<IMachineEvidence>());
        builder.Services.AddSingleton(services.GetRequiredService<EvidenceChallenges>());
        builder.Services.AddSingleton(services.GetRequiredService<TimeProvider>());
        WebApplication application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<AgentService>();
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        _application = application;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync().ConfigureAwait(false);
        }

        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
            _temporary = null;
        }
    }

    private void Configure(KestrelServerOptions kestrel, string path)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 4096;
        kestrel.Limits.MaxRequestBodySize = LargestMessage + 1024;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 16;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.ListenUnixSocket(path, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = TimeSpan.FromSeconds(10),
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(authority.ServerCertificate, additionalCertificates: null, offline: true),
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => MayConnect(certificate),
                }),
            });
        });
    }

    private bool MayConnect(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return true;
        }

        using X509Certificate2 client = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return authority.IsOurs(client);
    }

    /// <summary>The listener lives and ends with the host around it and does not watch for signals.</summary>
    private sealed class OuterLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
