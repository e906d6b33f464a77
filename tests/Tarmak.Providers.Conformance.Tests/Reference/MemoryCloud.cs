using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A cloud in memory, with what each opening of a provider on it finds: the same parts, or parts of its own.</summary>
internal sealed record MemoryCloud(Func<ISecretStore?> Secrets, Func<IObjectStorage?> Storage, Func<MemoryVolumes?> Volumes)
{
    /// <summary>What becomes of the sheet before it is shown.</summary>
    public Func<RequirementSheet, RequirementSheet> Sheet { get; init; } = static sheet => sheet;

    /// <summary>What each opening finds of DNS.</summary>
    public Func<IDns?> Dns { get; init; } = static () => null;

    /// <summary>A cloud that meets every demand: the correct twin of each wrong driver.</summary>
    public static MemoryCloud Right() => Of(new MemorySecretStore(), new MemoryObjectStorage(), new MemoryVolumes(), new MemoryDns());

    public static MemoryCloud Of(ISecretStore? secrets = null, IObjectStorage? storage = null, MemoryVolumes? volumes = null, IDns? dns = null) =>
        new(() => secrets, () => storage, () => volumes) { Dns = () => dns };

    /// <summary>Opens a provider, as a process of the engine would.</summary>
    public IProvider Open() => new Opened(Sheet, Secrets(), Storage(), Volumes(), Dns());

    private sealed class Opened(
        Func<RequirementSheet, RequirementSheet> shown, ISecretStore? secrets, IObjectStorage? storage, MemoryVolumes? volumes, IDns? dns) : IProvider, IVolumes
    {
        public RequirementSheet Sheet { get; } = shown(new RequirementSheet
        {
            Type = "memory",
            Summary = "A cloud in memory.",
            Capabilities =
            [
                .. secrets is null ? Array.Empty<CapabilitySheet>() : [new CapabilitySheet(CapabilityNames.SecretStore)],
                .. storage is null ? Array.Empty<CapabilitySheet>() : [new CapabilitySheet(CapabilityNames.ObjectStorage) { Objects = [ObjectSheet.Of(storage.Buckets.Traits, ObjectMark.Labels)] }],
                .. volumes is null ? Array.Empty<CapabilitySheet>() : [new VolumesSheet { Classes = ["ssd"], Objects = [ObjectSheet.Of(volumes.Traits, ObjectMark.Labels)] }],
                .. dns is null ? Array.Empty<CapabilitySheet>() :
                [
                    new DnsSheet
                    {
                        MakesZones = false,
                        Objects = [ObjectSheet.Of(dns.Zones.Traits, ObjectMark.None), ObjectSheet.Of(dns.RecordSets.Traits, ObjectMark.Labels)],
                    },
                ],
            ],
        });

        public ISecretStore? SecretStore => secrets;

        public IObjectStorage? ObjectStorage => storage;

        IVolumes? IProvider.Volumes => volumes is null ? null : this;

        IResourceDriver<VolumeSpec> IVolumes.Volumes => volumes!;

        public IDns? Dns => dns;

        public IObjectWatch? Watch => volumes;

        public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

        public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
