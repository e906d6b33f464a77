using System.Collections.Concurrent;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Gateway.Tests.Hosting;

/// <summary>A provider that keeps secrets and makes nothing: what machines do about it is not these tests' matter.</summary>
internal sealed class PaperProvider(PaperProviderFactory factory, string name) : IProvider
{
    public RequirementSheet Sheet => PaperProviderFactory.PaperSheet;

    public ISecretStore SecretStore => factory.Secrets;

    public IObjectStorage? ObjectStorage => factory.Objects.GetValueOrDefault(name);

    public IObjectWatch? Watch => factory.Silent.TryGetValue(name, out var sentence) ? new SilentWatch(sentence) : null;

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        factory.Asked.Enqueue(request);
        return Task.FromResult<IReadOnlyList<string>>(
            [.. factory.Taken.Where(t => request.Networks.Any(n => n.Cidr == t)).Select(t => $"Network {t} is in use by another network of this machine; 10.200.0.0/16 is free.")]);
    }

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>(
        factory.Silent.TryGetValue(name, out var sentence)
            ? [new(PaperProviderFactory.Ink, RequirementState.Unmet, sentence)]
            : [new(PaperProviderFactory.Ink, RequirementState.Met, "There is ink.")]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class PaperProviderFactory : IProviderFactory
{
    public static readonly Requirement Ink = new(RequirementKind.Place, "ink", "Paper is written on with ink.");

    /// <summary>Everything an environment needs, as cautious as the container provider.</summary>
    public static RequirementSheet PaperSheet { get; } = new()
    {
        Type = "paper",
        Summary = "Machines on paper.",
        Requirements = [Ink],
        Settings = [ProviderOptions.Server, ProviderOptions.Region, ProviderOptions.Scenario, ProviderOptions.Credentials],
        Capabilities =
        [
            new ComputeSheet { Sizes = ["tiny", "small", "medium", "large"], ReachableFrom = "127.0.0.0/8" },
            new VolumesSheet { Classes = ["ssd"] },
            new MachineImagesSheet(),
            .. new[] { CapabilityNames.SecretStore, CapabilityNames.ObjectStorage, CapabilityNames.LoadBalancing, CapabilityNames.Dns, CapabilityNames.Firewall, CapabilityNames.Network }
                .Select(name => new CapabilitySheet(name)),
        ],
    };

    public string Type => "paper";

    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => PaperSheet;

    /// <summary>Each is a sheet of its own.</summary>
    public string AccountOf(ProviderSettings settings) => settings.Name;

    public MemorySecrets Secrets { get; } = new();

    /// <summary>Providers that keep objects.</summary>
    public ConcurrentDictionary<string, IObjectStorage> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Address ranges that are in use.</summary>
    public ConcurrentBag<string> Taken { get; } = [];

    /// <summary>Everything the providers were asked before something was accepted.</summary>
    public ConcurrentQueue<PreflightRequest> Asked { get; } = [];

    /// <summary>Providers that do not answer, and what they say instead.</summary>
    public ConcurrentDictionary<string, string> Silent { get; } = new(StringComparer.Ordinal);

    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets) => new PaperProvider(this, settings.Name);
}

internal sealed class SilentWatch(string sentence) : IObjectWatch
{
    public IReadOnlySet<string> ListedKinds { get; } = new HashSet<string>(StringComparer.Ordinal);

    public IAsyncEnumerable<OwnerMarks> WatchAsync(CancellationToken cancellationToken) => throw new ProviderException(ErrorClass.Transient, sentence);

    public Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) => throw new ProviderException(ErrorClass.Transient, sentence);
}
