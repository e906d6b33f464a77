using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Providers that something is taken from for another one's machines, wrong in one way each.</summary>
internal static class WrongOthers
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("lets in machines of its own only, and its sheet says otherwise", "secretStore/other-keeps-what-instances-are-given", _ => MemoryCloud.Of(secrets: new LetsInItsOwn())),
        Of("has no bucket for the engine's state", "objectStorage/other-holds-state", _ => MemoryCloud.Of(storage: new WithoutState())),
        Of("names addresses of its own networks only", "dns/other-names-machines", _ => MemoryCloud.Of(dns: new NamesItsOwn())),
        Of("tells where its registry is to machines beside it only", "containerRegistry/other-holds-repositories", _ => WithRegistry(new BesideItsEdge())),
        Of("accepts what was offered at itself only", "networkPeering/other-accepts-the-way", _ => Peered(new MemoryPeering())),
        Of("keeps a way whose offer was withdrawn elsewhere", "networkPeering/other-accepts-the-way", offers => Peered(new MemoryPeering(offers) { MadeAcceptances = new WrongPeerings.TellsTheEnded(offers) })),
    ];

    /// <summary>The correct twin: serves what is made at a cloud, and lets ways in that are offered there.</summary>
    public static MemoryCloud Right(MemoryCloud cloud)
    {
        var right = WithRegistry(new MemoryRegistry(new MemoryIdentities()));
        return right with
        {
            Secrets = MemoryCloud.Of(secrets: new MemorySecretStore()).Secrets,
            Storage = MemoryCloud.Of(storage: new MemoryObjectStorage()).Storage,
            Dns = MemoryCloud.Of(dns: new MemoryDns()).Dns,
            Peering = MemoryCloud.Of(peering: new MemoryPeering(OffersOf(cloud))).Peering,
            Machines = MemoryCloud.Of(machines: new MemoryMachines()).Machines,
        };
    }

    /// <summary>A cloud as another provider that something is taken from.</summary>
    public static ConformanceSubject Subject(MemoryCloud other) => new("other", "i", other.Open) { Zone = MemoryDns.Zone };

    private static WrongDriver Of(string what, string caught, Func<MemoryOffers, MemoryCloud> other)
    {
        var cloud = MemoryCloud.Right();
        return new(what, caught, cloud.Open) { Other = Subject(other(OffersOf(cloud))) };
    }

    private static MemoryOffers OffersOf(MemoryCloud cloud) => ((MemoryPeering)cloud.Peering()!).MadeOffers;

    private static MemoryCloud Peered(MemoryPeering peering) => MemoryCloud.Of(peering: peering, machines: new MemoryMachines());

    private static MemoryCloud WithRegistry(MemoryRegistry registry) => MemoryCloud.Of(registry: registry) with
    {
        Sheet = static sheet => sheet with
        {
            Capabilities = [.. sheet.Capabilities.Select(c => c is StoreSheet { Capability: CapabilityNames.ContainerRegistry } store ? store with { Ways = [GrantWay.Brokered] } : c)],
        },
    };

    private sealed class LetsInItsOwn : MemorySecretStore
    {
        public override Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) =>
            throw new ProviderException(ErrorClass.Unauthorized, $"{name} is for a machine of this cloud, which it is not read by.");
    }

    private sealed class WithoutState : IObjectStorage
    {
        private readonly MemoryObjectStorage right = new();

        public IResourceDriver<BucketSpec> Buckets => new ForTheOthers(right.Made);

        public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) => right.GetAsync(bucketId, key, cancellationToken);

        public Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) =>
            right.PutAsync(bucketId, key, content, condition, cancellationToken);

        public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) => right.DeleteAsync(bucketId, key, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) => right.ListAsync(bucketId, prefix, cancellationToken);

        private sealed class ForTheOthers(MemoryBuckets buckets) : IResourceDriver<BucketSpec>
        {
            public ResourceTraits Traits => buckets.Traits;

            public Task<StepOutcome> ObserveAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => buckets.ObserveAsync(call, spec, cancellationToken);

            public Task<StepOutcome> EnsureAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => spec.Use == "state"
                ? Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.InvalidSpec, "State is not kept here."))
                : buckets.EnsureAsync(call, spec, cancellationToken);

            public Task<StepOutcome> DeleteAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => buckets.DeleteAsync(call, spec, cancellationToken);
        }
    }

    private sealed class NamesItsOwn : IDns
    {
        public IResourceDriver<DnsZoneSpec> Zones { get; } = new MemoryZones();

        public IResourceDriver<DnsRecordSetSpec> RecordSets { get; } = new OfItsOwn();

        private sealed class OfItsOwn : MemoryRecordSets
        {
            public override Task<StepOutcome> EnsureAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken) =>
                spec.Values.All(v => v.StartsWith("192.0.2.", StringComparison.Ordinal))
                    ? base.EnsureAsync(call, spec, cancellationToken)
                    : Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.InvalidSpec, $"{spec.Values[0]} is no address of this cloud."));
        }
    }

    private sealed class BesideItsEdge() : MemoryRegistry(new MemoryIdentities())
    {
        protected override string Outputs(string id) =>
            ResourceJson.Write(ResourceJson.Read<RegistryRepositoryOutputs>(base.Outputs(id)) with { Host = null });
    }
}
