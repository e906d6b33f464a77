using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tarmak.Gateway.Operators;

namespace Tarmak.Gateway.Listeners;

/// <summary>Once the listeners are up: closes the socket to others, and writes where the endpoint is. At the end it takes both away.</summary>
internal sealed class ListenerFiles(IServer server, GatewayOptions options, X509Certificate2 certificate) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(options.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        new EndpointDescription
        {
            Pid = Environment.ProcessId,
            Version = ProgramVersion.Text,
            Endpoint = addresses.First(a => a.StartsWith("https://127.0.0.1:", StringComparison.Ordinal)),
            Certificate = certificate.ExportCertificatePem(),
        }.WriteTo(options.DescriptionPath);
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        File.Delete(options.DescriptionPath);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
