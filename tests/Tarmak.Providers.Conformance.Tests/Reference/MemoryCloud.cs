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

    /// <summary>What each opening finds of a firewall.</summary>
    public Func<IFirewall?> Firewall { get; init; } = static () => null;

    /// <summary>What each opening finds of peering.</summary>
    public Func<INetworkPeering?> Peering { get; init; } = static () => null;

    /// <summary>What each opening finds of identities.</summary>
    public Func<IAccessIdentity?> Identities { get; init; } = static () => null;

    /// <summary>What each opening finds of a registry.</summary>
    public Func<IContainerRegistry?> Registry { get; init; } = static () => null;

    /// <summary>What each opening finds of machines.</summary>
    public Func<MemoryMachines?> Machines { get; init; } = static () => null;

    /// <summary>Whether a look at what it needs throws.</summary>
    public bool VerifyThrows { get; init; }

    /// <summary>A cloud that meets every demand: the correct twin of each wrong driver.</summary>
    public static MemoryCloud Right() => Right(new MemoryIdentities());

    /// <summary>The same with something of one's own.</summary>
    /// <param name="identities">Identities.</param>
    /// <param name="registry">The registry; null: one as it should be.</param>
    /// <param name="rules">What of a group's rules is in force; null: all.</param>
    /// <param name="ways">Which ways are open; null: those that are accepted.</param>
    public static MemoryCloud Right(
        MemoryIdentities identities, MemoryRegistry? registry = null,
        Func<MemoryFirewall, string, IEnumerable<FirewallRule>>? rules = null, Func<MemoryPeering, IEnumerable<(string One, string Other)>>? ways = null)
    {
        registry ??= new MemoryRegistry(identities);
        MemoryFirewall? firewall = null;
        var peering = new MemoryPeering();
        var machines = new MemoryMachines
        {
            Registry = registry.Use,
            RulesOf = group => rules?.Invoke(firewall!, group) ?? firewall!.MadeRules.InForce(group),
            Ways = () => ways?.Invoke(peering) ?? peering.Ways,
        };
        firewall = new MemoryFirewall(machines.IsInUse);
        return Of(new MemorySecretStore(), new MemoryObjectStorage(), new MemoryVolumes(), new MemoryDns(), firewall, peering, machines, identities, registry);
    }

    public static MemoryCloud Of(ISecretStore? secrets = null, IObjectStorage? storage = null, MemoryVolumes? volumes = null, IDns? dns = null, IFirewall? firewall = null, INetworkPeering? peering = null, MemoryMachines? machines = null, IAccessIdentity? identities = null, IContainerRegistry? registry = null) =>
        new(() => secrets, () => storage, () => volumes) { Dns = () => dns, Firewall = () => firewall, Peering = () => peering, Machines = () => machines, Identities = () => identities, Registry = () => registry };

    /// <summary>Opens a provider, as a process of the engine would.</summary>
    public IProvider Open() => OpenAs("i");

    /// <summary>Opens a provider for an installation.</summary>
    public IProvider OpenAs(string installation) => new Opened(installation, Sheet, VerifyThrows, Secrets(), Storage(), Volumes(), Dns(), Firewall(), Peering(), Machines(), Identities(), Registry());

    private sealed class Opened(
        string installation, Func<RequirementSheet, RequirementSheet> shown, bool verifyThrows, ISecretStore? secrets, IObjectStorage? storage, MemoryVolumes? volumes, IDns? dns, IFirewall? firewall, INetworkPeering? peering, MemoryMachines? machines, IAccessIdentity? identities, IContainerRegistry? registry) : IProvider, IVolumes
    {
        public RequirementSheet Sheet { get; } = shown(new RequirementSheet
        {
            Type = "memory",
            Summary = "A cloud in memory.",
            Capabilities =
            [
                .. secrets is null ? Array.Empty<CapabilitySheet>() : [new StoreSheet(CapabilityNames.SecretStore) { Ways = [GrantWay.Brokered] }],
                .. storage is null ? Array.Empty<CapabilitySheet>() : [new StoreSheet(CapabilityNames.ObjectStorage) { Ways = [GrantWay.Brokered], Objects = [ObjectSheet.Of(storage.Buckets.Traits, ObjectMark.Labels)] }],
                .. volumes is null ? Array.Empty<CapabilitySheet>() : [new VolumesSheet { Classes = ["ssd"], Objects = [ObjectSheet.Of(volumes.Traits, ObjectMark.Labels)] }],
                .. machines is null ? Array.Empty<CapabilitySheet>() :
                [
                    new InstanceMetadataSheet { Strength = machines.Strength },
                    new MachineImagesSheet { Objects = [ObjectSheet.Of(machines.Images.Traits, ObjectMark.None)] },
                    new CapabilitySheet(CapabilityNames.Network)
                    {
                        Objects = [ObjectSheet.Of(machines.Networks.Traits, ObjectMark.Labels), ObjectSheet.Of(machines.EdgeAttachments.Traits, ObjectMark.Labels)],
                    },
                    new ComputeSheet
                    {
                        Sizes = ["tiny"],
                        RunsImages = false,
                        Objects = [ObjectSheet.Of(machines.Machines.Traits, ObjectMark.Labels), ObjectSheet.Of(machines.Edges.Traits, ObjectMark.Labels)],
                    },
                ],
                .. registry is null ? Array.Empty<CapabilitySheet>() :
                    [new StoreSheet(CapabilityNames.ContainerRegistry) { Ways = [GrantWay.Native], Objects = [ObjectSheet.Of(registry.Repositories.Traits, ObjectMark.Labels)] }],
                .. identities is null ? Array.Empty<CapabilitySheet>() : [new AccessIdentitySheet { Objects = [ObjectSheet.Of(identities.Identities.Traits, ObjectMark.Labels)] }],
                .. peering is null ? Array.Empty<CapabilitySheet>() :
                [
                    new PeeringSheet
                    {
                        LeadsElsewhere = true,
                        Objects = [ObjectSheet.Of(peering.Offers.Traits, ObjectMark.Labels), ObjectSheet.Of(peering.Acceptances.Traits, ObjectMark.Labels)],
                    },
                ],
                .. firewall is null ? Array.Empty<CapabilitySheet>() :
                [
                    new FirewallSheet
                    {
                        PeerKinds = [.. FirewallPeerKinds.All],
                        Protocols = [.. FirewallProtocols.All],
                        Objects = [ObjectSheet.Of(firewall.Groups.Traits, ObjectMark.Labels), ObjectSheet.Of(firewall.Rules.Traits, ObjectMark.Labels)],
                    },
                ],
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

        public ICompute? Compute => machines;

        public INetwork? Network => machines;

        public IMachineImages? MachineImages => machines;

        public IMachineStandIn? StandIn => machines;

        public IInstanceMetadata? InstanceMetadata => machines;

        public INetworkPeering? NetworkPeering => peering;

        public IContainerRegistry? ContainerRegistry => registry;

        public IAccessIdentity? AccessIdentity => identities;

        public IFirewall? Firewall => firewall;

        public IObjectWatch? Watch => volumes is null ? null : new MemoryWatch(volumes, installation);

        public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => verifyThrows
            ? throw new InvalidOperationException("The account does not answer.")
            : Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

        public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
