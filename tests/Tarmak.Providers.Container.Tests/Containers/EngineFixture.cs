using Microsoft.Extensions.Logging.Abstractions;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Images;

[assembly: AssemblyFixture(typeof(Tarmak.Providers.Container.Tests.Containers.EngineFixture))]

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>A provider on the real engine, with the machine image built. It is made at the first use, so unit tests need no engine.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProviderSettings settings;
    private readonly Lazy<Task<string>> image;

    public EngineFixture()
    {
        var agent = Path.Combine(folder.Path, "tarmak-agent");
        File.WriteAllText(agent, "#!/bin/sh\nexec sleep infinity\n");
        settings = new ProviderSettings("laptop", "container", Installation, folder.Path, new Dictionary<string, string> { ["agentPath"] = agent });
        Provider = Open();
        Engine = new ContainerEngine(EngineEndpoint.Find(null));
        image = new Lazy<Task<string>>(BuildAsync);
    }

    /// <summary>The installation of this run; its objects are nobody else's.</summary>
    public string Installation { get; } = "test-" + Guid.NewGuid().ToString("N")[..8];

    public ContainerProvider Provider { get; }

    /// <summary>The container in which the provider puts an image together.</summary>
    public string BuilderName => ImageBuilder.ContainerName(Installation, "laptop");

    internal ContainerEngine Engine { get; }

    /// <summary>Opens the provider once more, as an engine does that is started again.</summary>
    public ContainerProvider Open() => OpenAs(Installation);

    /// <summary>Opens the provider for another installation on the same engine.</summary>
    public ContainerProvider OpenAs(string installation) =>
        (ContainerProvider)new ContainerProviderFactory(NullLoggerFactory.Instance).Create(settings with { Installation = installation }, new FixedSecrets());

    /// <summary>Opens the provider for an engine at another address.</summary>
    /// <param name="installation">Whose it is.</param>
    /// <param name="host">The address.</param>
    /// <param name="patience">What each call of the engine is given; null: as much as ever.</param>
    public ContainerProvider OpenAt(string installation, string host, TimeSpan? patience = null)
    {
        var options = new Dictionary<string, string>(settings.Options) { [ProviderOptions.Host] = host };
        var endpoint = EngineEndpoint.Find(host);
        var engine = patience is { } given ? new ContainerEngine(endpoint) { ReadDeadline = given, ChangeDeadline = given } : new ContainerEngine(endpoint);
        return new ContainerProvider(settings with { Installation = installation, Options = options }, ContainerOptions.Read(options), engine, new FixedSecrets(), NullLoggerFactory.Instance);
    }

    public Task<string> ImageAsync() => image.Value;

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        Engine.Dispose();
        folder.Dispose();
    }

    private async Task<string> BuildAsync()
    {
        var call = TestCalls.Call("base", installation: Installation);
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var outcome = await Provider.MachineImages.Images.EnsureAsync(call, new MachineImageSpec("base"), CancellationToken.None);
            if (outcome is not StepOutcome.InProgress)
            {
                return outcome.Outputs<MachineImageOutputs>().ImageId;
            }

            await clock.WaitForNextTickAsync();
        }
    }

    private sealed class FixedSecrets : IFirstBootSecrets
    {
        public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
            Task.FromResult("planted-enrolment-secret");
    }
}
