using Tarmak.EndToEnd.Tests.Harness;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Tarmak.EndToEnd.Tests.Quickstart;

/// <summary>One quickstart cluster, brought up by <c>./tarmak up</c> and shared by the tests; each leaves it ready.</summary>
public sealed class QuickstartFixture : IAsyncLifetime
{
    private const string Network = "10.99.0.0/16";

    private Installation? installation;

    internal Installation Installation => installation ?? throw new InvalidOperationException("The cluster is not up.");

    internal ContainerEngine Containers { get; private set; } = null!;

    /// <summary>The host's own ways to the instances, closed for the whole class.</summary>
    internal BlockedRoutes Routes { get; } = new(Network);

    /// <summary>Where the engine sends its traces, metrics and logs.</summary>
    internal TelemetryReceiver Telemetry { get; } = new();

    internal string UpOutput { get; private set; } = "";

    internal Etcd Etcd { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The first command makes sure that a container engine answers; what it prints is nobody's concern here.
        await Shell.RunAsync(Path.Combine(Checkout.Root, "tarmak"), ["version", "--client"], null, TimeSpan.FromMinutes(20), CancellationToken.None);
        await Routes.BlockAsync(CancellationToken.None);
        installation = await Installation.CreateAsync(Network, variables: Telemetry.Variables);
        UpOutput = (await installation.TarmakAsync(TimeSpan.FromMinutes(15), CancellationToken.None, "up", "-f", installation.Manifest)) is { ExitCode: 0 } up
            ? up.Output
            : throw new InvalidOperationException($"The quickstart did not come up:\n{installation.LogTail()}");
        Containers = new ContainerEngine();
        Etcd = await Etcd.OfAsync(installation, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Containers?.Dispose();
        if (installation is not null)
        {
            await installation.DisposeAsync();
        }

        await Routes.DisposeAsync();
        await Telemetry.DisposeAsync();
    }
}
