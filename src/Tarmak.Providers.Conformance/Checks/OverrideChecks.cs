using System.Collections.Immutable;
using System.Text;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>
/// Demands of what an environment takes from another provider than its machines': it serves machines, balancers and networks it
/// does not know. Machines are let into nothing there by themselves: the engine reads it for them, by any of its processes.
/// </summary>
internal static class OverrideChecks
{
    private const int MachineOffset = 26;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        Check(
            CapabilityNames.SecretStore, "other-keeps-what-instances-are-given", "Another provider's store keeps a secret for a machine of this one, reads it back by any process, and lets only one of two versions win.",
            static p => p.SecretStore is not null, SecretsAsync),
        .. OverrideKeys.StorageUses.Select(use => Check(
            CapabilityNames.ObjectStorage, $"other-holds-{use}", $"Another provider's bucket for {use} holds objects of this one's machines, reads them by any process, and is listed there with this environment's marks.",
            static p => p.ObjectStorage is not null, (scope, t) => ObjectsAsync(scope, use, t))),
        Check(
            CapabilityNames.Dns, "other-names-machines", "Another provider's zone names a machine of this one by its address, as every process sees, and the name outlives the machine.",
            static p => p.Dns is not null, MachineNameAsync),
        Check(
            CapabilityNames.Dns, "other-names-balancers", "Another provider's zone names a balancer of this one, whether it answers at an address or at a host name.",
            static p => p.Dns is not null, BalancerNameAsync, static sheet => sheet.Find(CapabilityNames.LoadBalancing) is null ? "it makes no balancers" : null),
        Check(
            CapabilityNames.ContainerRegistry, "other-holds-repositories", "Another provider's registry holds a repository for machines of this one, and tells a host where they find it.",
            static p => p.ContainerRegistry is not null, RepositoryAsync),
        Check(
            CapabilityNames.NetworkPeering, "other-accepts-the-way", "A way that this provider offers is accepted by another one for its network, and is over there when the offer is withdrawn here.",
            static p => p is { NetworkPeering: not null, Network: not null }, WayAsync, static sheet => sheet.Find(CapabilityNames.NetworkPeering) is null ? "it offers no ways" : null),
    ];

    private static ConformanceCheck Check(
        string capability, string behaviour, string demand, Func<IProvider, bool> isOffered, Func<CheckScope, CancellationToken, Task> run, Func<RequirementSheet, string?>? without = null) =>
        new($"{capability}/{behaviour}", demand, isOffered, run)
        {
            Group = CheckGroup.Overrides,
            ExcludedBetween = (own, other) =>
                (Places.WithoutMachines(own) ?? without?.Invoke(own)) is { } lacking ? $"By its sheet: {lacking}."
                : Elsewhere.Excludes(own, other, capability) is { } clause ? $"By the sheets: it cannot be taken from {other.Type}, {clause}."
                : null,
        };

    private static Task<MachineOutputs> MachineAsync(CheckScope scope, CancellationToken cancellationToken) =>
        ComputeChecks.MadeAsync(scope, null, MachineOffset, static machine => machine, cancellationToken);

    private static async Task SecretsAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var machine = await MachineAsync(scope, cancellationToken).ConfigureAwait(false);
        var (there, again) = (scope.Other!.Provider.SecretStore!, scope.Other.Open().SecretStore!);
        var name = $"{scope.Name}/machine/0";
        var (first, second) = (Encoding.UTF8.GetBytes($"first of {machine.MachineId}"), Encoding.UTF8.GetBytes($"second of {machine.MachineId}"));
        scope.Afterwards(t => there.DeleteAsync(name, t));

        var made = await there.CreateIfAbsentAsync(name, first, cancellationToken).ConfigureAwait(false);
        await HoldsAsync(first).ConfigureAwait(false);
        Expect.That(await again.CompareAndSetAsync(name, second, made.Version, cancellationToken).ConfigureAwait(false) is not null, "Another process could not write over the version there is.");
        Expect.That(await there.CompareAndSetAsync(name, first, made.Version, cancellationToken).ConfigureAwait(false) is null, "A version was written over that another process had written meanwhile.");
        await HoldsAsync(second).ConfigureAwait(false);

        async Task HoldsAsync(byte[] value)
        {
            foreach (var store in new[] { there, again })
            {
                var seen = await store.GetAsync(name, cancellationToken).ConfigureAwait(false);
                Expect.That(seen is not null && Expect.Same(seen.Value, value), "The secret of a machine at another provider is not read as it was written.");
            }
        }
    }

    private static async Task ObjectsAsync(CheckScope scope, string use, CancellationToken cancellationToken)
    {
        var machine = await MachineAsync(scope, cancellationToken).ConfigureAwait(false);
        var other = scope.Other!;
        var bucket = new Specimen<BucketSpec>(other, other.Provider.ObjectStorage!.Buckets, ResourceKinds.Bucket, new BucketSpec(use));
        var made = await bucket.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var id = ResourceJson.Read<BucketOutputs>(made.Outputs!).BucketId;
        var (there, again) = (other.Provider.ObjectStorage!, other.Open().ObjectStorage!);
        var key = $"{scope.Name}/machine/0";
        var (first, second) = (Encoding.UTF8.GetBytes($"first of {machine.MachineId}"), Encoding.UTF8.GetBytes($"second of {machine.MachineId}"));
        scope.Afterwards(t => there.DeleteAsync(id, key, t));

        var tag = await there.PutAsync(id, key, first, new PutCondition(null), cancellationToken).ConfigureAwait(false);
        Expect.That(tag is not null, "An object was refused on the condition that there is none, and there was none.");
        await HoldsAsync(first).ConfigureAwait(false);
        Expect.That(await again.PutAsync(id, key, second, new PutCondition(tag), cancellationToken).ConfigureAwait(false) is not null, "Another process could not write over the version there is.");
        Expect.That(await there.PutAsync(id, key, first, new PutCondition(tag), cancellationToken).ConfigureAwait(false) is null, "A version was written over that another process had written meanwhile.");
        await HoldsAsync(second).ConfigureAwait(false);
        await bucket.SettleAsync(cancellationToken).ConfigureAwait(false);
        if (await OwnedObjects.OfAsync(other, ResourceKinds.Bucket, cancellationToken).ConfigureAwait(false) is { } listed)
        {
            Expect.That(listed.Count(o => o.ObjectId == made.ObjectId && o.Marks == bucket.Call.Marks) == 1, $"Bucket {made.ObjectId} is not listed once, with the marks of the environment that it was made for.");
        }

        async Task HoldsAsync(byte[] content)
        {
            foreach (var storage in new[] { there, again })
            {
                var seen = await storage.GetAsync(id, key, cancellationToken).ConfigureAwait(false);
                Expect.That(seen is not null && Expect.Same(seen.Content, content), "The object of a machine at another provider is not read as it was written.");
            }
        }
    }

    private static async Task MachineNameAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var machine = new Specimen<MachineSpec>(
            scope, scope.Provider.Compute!.Machines, ResourceKinds.Machine, await ComputeChecks.MachineAsync(scope, MachineOffset, cancellationToken).ConfigureAwait(false));
        var made = await machine.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var expectNamed = await NamedAsync(scope, ResourceJson.Read<MachineOutputs>(made.Outputs!).Address, cancellationToken).ConfigureAwait(false);
        await machine.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        await expectNamed().ConfigureAwait(false);
    }

    private static async Task BalancerNameAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var balancer = new Specimen<LoadBalancerSpec>(
            scope, scope.Provider.LoadBalancing!.Balancers, ResourceKinds.LoadBalancer, await LoadBalancingChecks.BalancerAsync(scope, cancellationToken).ConfigureAwait(false));
        var made = ResourceJson.Read<LoadBalancerOutputs>((await balancer.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
        await NamedAsync(scope, made.Host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Names a host in the other provider's zone.</summary>
    /// <returns>Fails where the name is not as it was made.</returns>
    private static async Task<Func<Task>> NamedAsync(CheckScope scope, string host, CancellationToken cancellationToken)
    {
        var other = scope.Other!;
        var zone = await DnsChecks.ZoneAsync(other, cancellationToken).ConfigureAwait(false);
        var record = new Specimen<DnsRecordSetSpec>(
            other, other.Provider.Dns!.RecordSets, ResourceKinds.DnsRecordSet, DnsRecordSetSpec.Of(zone.Id, $"{scope.Name}.{zone.Name}", host));
        var made = await record.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ExpectAsync().ConfigureAwait(false);
        return ExpectAsync;

        async Task ExpectAsync()
        {
            foreach (var one in new[] { record, record.At(other.Open().Dns!.RecordSets) })
            {
                var seen = await one.ObserveUntilAsync(one.Call, o => o.InSync && o.ObjectId == made.ObjectId, cancellationToken).ConfigureAwait(false);
                Expect.That(seen is { Exists: true, InSync: true } && seen.ObjectId == made.ObjectId, $"The name of {host} was made as {made.ObjectId}, and is observed as {seen}.");
            }
        }
    }

    private static async Task RepositoryAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var other = scope.Other!;
        var spec = new RegistryRepositorySpec(RepositoryNames.OfCluster(scope.Name, "one"), EdgeId: null);
        var one = new Specimen<RegistryRepositorySpec>(other, other.Provider.ContainerRegistry!.Repositories, ResourceKinds.RegistryRepository, spec);
        var made = ResourceJson.Read<RegistryRepositoryOutputs>((await one.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
        Expect.That(made.Host is not null, "The repository is told to be on the edge beside its machines, and the machines are elsewhere.");
    }

    private static async Task WayAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var other = scope.Other!;
        var edge = (await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId;
        var spec = new PeeringOfferSpec(
            await NetworkAsync(scope, PeeringChecks.Cidr, cancellationToken).ConfigureAwait(false), PeeringChecks.Cidr,
            await NetworkAsync(other, PeeringChecks.PeerCidr, cancellationToken).ConfigureAwait(false), PeeringChecks.PeerCidr, edge);
        var offer = new Specimen<PeeringOfferSpec>(scope, scope.Provider.NetworkPeering!.Offers, ResourceKinds.PeeringOffer, spec);
        var offered = await offer.EnsureAsync(cancellationToken).ConfigureAwait(false);
        // What one cloud has made may take its time to show to another one.
        await offer.SettleAsync(cancellationToken).ConfigureAwait(false);
        var acceptance = new Specimen<PeeringAcceptanceSpec>(other, other.Provider.NetworkPeering!.Acceptances, ResourceKinds.PeeringAcceptance, PeeringChecks.Acceptance(offered, spec));
        var accepted = await acceptance.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var again = acceptance.At(other.Open().NetworkPeering!.Acceptances);
        var seen = await again.ObserveUntilAsync(again.Call, o => o.ObjectId == accepted.ObjectId, cancellationToken).ConfigureAwait(false);
        Expect.That(seen.Exists && seen.ObjectId == accepted.ObjectId, $"A way to another provider was accepted as {accepted.ObjectId}, and is observed as {seen}.");

        await offer.DeleteAsync(offered.ObjectId!, cancellationToken).ConfigureAwait(false);
        await offer.SettleAsync(cancellationToken).ConfigureAwait(false);
        acceptance.Changed();
        seen = await acceptance.ObserveUntilAsync(acceptance.Call, static o => !o.Exists, cancellationToken).ConfigureAwait(false);
        Expect.That(!seen.Exists, "The offer is withdrawn at its provider, and the other one tells its acceptance to be there.");
    }

    private static async Task<string> NetworkAsync(CheckScope scope, string cidr, CancellationToken cancellationToken)
    {
        var network = new Specimen<NetworkSpec>(scope, scope.Provider.Network!.Networks, ResourceKinds.Network, new NetworkSpec(cidr, Internal: true));
        return ResourceJson.Read<NetworkOutputs>((await network.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!).NetworkId;
    }
}
