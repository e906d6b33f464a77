using System.Collections.Immutable;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Planning;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Environments;

/// <summary>Plans an environment: what its clusters share, and the clusters themselves.</summary>
public sealed class EnvironmentPlanner : IPlanner
{
    /// <inheritdoc/>
    public void Plan(string spec, PlanGraph graph)
    {
        var desired = DesiredJson.Read<EnvironmentDesired>(spec);
        if (desired.Environment is not { Spec: var environment })
        {
            return;
        }

        var provider = environment.Provider;
        var image = graph.Capability(provider, ResourceKinds.MachineImage, "base", () => new MachineImageSpec("base"));
        var outer = graph.Capability(provider, ResourceKinds.Network, "outer", () => new NetworkSpec(null, Internal: false));
        var edge = graph.Capability(provider, ResourceKinds.Edge, "edge", () => new Model.Resources.EdgeSpec(
            graph.Read<MachineImageOutputs>(image).ImageId,
            graph.Read<NetworkOutputs>(outer).NetworkId,
            environment.Edge?.Ports?.ToString(),
            desired.AuthorityCertificate));
        var privateZone = graph.Capability(provider, ResourceKinds.DnsZone, "private", () =>
            new DnsZoneSpec(graph.Read<EdgeOutputs>(edge).EdgeId, environment.Dns.PrivateZone));

        // Names seen from outside may be served elsewhere; those that instances know each other by are served beside them.
        var names = new MovingPlace(graph, desired, CapabilityNames.Dns, ResourceKinds.DnsZone, "public");
        names.Objects((_, place) => new DnsZoneSpec(place.Provider == provider ? graph.Read<EdgeOutputs>(edge).EdgeId : null, place.Zone!));
        names.Bind();
        var storage = OverrideKeys.StorageUses.ToDictionary(use => use, use => Bucket(graph, desired, use));
        var secrets = new MovingPlace(graph, desired, CapabilityNames.SecretStore, ResourceKinds.SecretCopy, "main");
        if (secrets.HasMoved)
        {
            secrets.Objects((number, place) => new SecretCopySpec(graph.Parent.Key, number, place.Provider));
            secrets.Bind();
        }

        string[] repositories = [.. (environment.Repositories ?? []).Select(name => graph.Capability(
            provider, ResourceKinds.RegistryRepository, name, () => new RegistryRepositorySpec(name, graph.Read<EdgeOutputs>(edge).EdgeId)))];

        var link = Link(graph, desired, environment, image, edge, privateZone, storage[BoundPlace.ConfigurationUse], names, repositories);
        string[] shared =
        [
            edge, image, privateZone, .. repositories, .. storage.Values.SelectMany(use => use.Served), .. names.Served, .. secrets.HasMoved ? secrets.Served : [],
        ];
        var peers = Peers(graph, desired);
        foreach (var (name, cluster) in desired.Clusters)
        {
            // A spoke stands on its hub: the hub goes after it.
            string[] uses = cluster.Manifest.Spec.Type == ClusterType.Multi ? [.. shared, $"/{ModelDefaults.HubName}"] : shared;
            graph.Nested(MachineKind.Cluster, name, counts: false, life: cluster.Life, uses: uses, spec: () =>
            {
                var text = DesiredJson.Write(new ClusterDesired
                {
                    Environment = graph.Parent.Key,
                    Name = name,
                    Manifest = cluster.Manifest,
                    DataLossConsent = cluster.DataLossConsent,
                    Peers = peers[cluster.Manifest.Spec.Type],
                    Link = link,
                });

                // A cluster that has a link must not lose it, for without one it would have no reason to stand.
                return link is null && !graph.IsCurrent($"/{name}", text) ? PlanGraph.Wait() : text;
            });
        }
    }

    /// <inheritdoc/>
    /// <remarks>What the environment itself gives up was moved: its data is at another place, verified.</remarks>
    public bool DataLossConsented(string spec, string child) =>
        child[0] == '#' || DesiredJson.Read<EnvironmentDesired>(spec).Leaving.GetValueOrDefault(child[1..]);

    /// <inheritdoc/>
    /// <remarks>
    /// Clusters that are leaving were consented to, or not, one by one. Of what the environment owns itself only the backups
    /// are somebody's data.
    /// </remarks>
    public bool DataLossConsentedOnDelete(string spec, string child, bool given) =>
        child[0] == '#' ? given || !child.StartsWith($"#{ResourceKinds.Bucket}/{BoundPlace.BackupsUse}", StringComparison.Ordinal) : DataLossConsented(spec, child);

    private static MovingPlace Bucket(PlanGraph graph, EnvironmentDesired desired, string use)
    {
        var place = new MovingPlace(graph, desired, use, ResourceKinds.Bucket, use);
        place.Objects((_, _) => new BucketSpec(use));
        if (place.HasMoved && BoundPlace.CopiedUses.Contains(use))
        {
            place.Copies(ResourceKinds.ObjectCopy, (number, bound, bucket) =>
                new ObjectCopySpec(graph.Parent.Key, number, bound.Provider, use, graph.Read<BucketOutputs>(bucket).BucketId));
        }

        place.Bind();
        return place;
    }

    /// <summary>Whom a cluster of each type is peered with: the hub with all spokes, a spoke with the hub only.</summary>
    private static Dictionary<ClusterType, ImmutableArray<PeeredCluster>> Peers(PlanGraph graph, EnvironmentDesired desired)
    {
        var clusters = desired.Clusters.ToLookup(c => c.Value.Manifest.Spec.Type, c => PeeredCluster.Of(c.Key, c.Value.Manifest.Spec));
        return new()
        {
            [ClusterType.Single] = [],
            [ClusterType.Hub] = [.. clusters[ClusterType.Multi]],
            [ClusterType.Multi] = [.. clusters[ClusterType.Hub].Select(hub => hub with
            {
                NetworkId = graph.LastOutputs($"/{hub.Name}") is { } outputs ? DesiredJson.Read<ClusterOutputs>(outputs).NetworkId : null,
            })],
        };
    }

    /// <summary>
    /// The link is made of what is last known: while, say, the edge is made again, clusters keep what they have.
    /// </summary>
    private static EnvironmentLink? Link(
        PlanGraph graph, EnvironmentDesired desired, EnvironmentSpec environment,
        string image, string edge, string privateZone, MovingPlace configuration, MovingPlace names, string[] repositories)
    {
        var repositoryOutputs = repositories.Select(name => Last<RegistryRepositoryOutputs>(graph, name)).OfType<RegistryRepositoryOutputs>().ToImmutableArray();
        var edgeOutputs = Last<EdgeOutputs>(graph, edge);
        var imageOutputs = Last<MachineImageOutputs>(graph, image);
        var bucketOutputs = Last<BucketOutputs>(graph, configuration.Object!);
        var privateOutputs = Last<DnsZoneOutputs>(graph, privateZone);
        var publicOutputs = names.Object is null ? null : Last<DnsZoneOutputs>(graph, names.Object);
        return edgeOutputs is null || imageOutputs is null || bucketOutputs is null || privateOutputs is null
            || (names.Object is not null && publicOutputs is null) || repositoryOutputs.Length < repositories.Length
            ? null
            : new EnvironmentLink
            {
                Provider = environment.Provider,
                ImageId = imageOutputs.ImageId,
                EdgeId = edgeOutputs.EdgeId,
                BalancerHost = edgeOutputs.BalancerHost,
                RelayPort = edgeOutputs.RelayPort,
                ConfigurationBucketId = bucketOutputs.BucketId,
                ConfigurationProvider = configuration.InForce is 0 ? null : configuration.Provider,
                PrivateZone = environment.Dns.PrivateZone,
                PrivateZoneId = privateOutputs.ZoneId,
                PublicZone = names.Zone,
                PublicDnsProvider = names.Provider ?? new Bindings(environment).For(CapabilityNames.Dns).Provider,
                PublicDnsPlace = names.InForce is 0 ? null : names.InForce,
                PublicZoneId = publicOutputs?.ZoneId,
                Repositories = repositoryOutputs,
                AdminCidrs = [.. environment.AdminCidrs],
                AuthorityPin = desired.AuthorityPin,
                AuthorizedKeys = desired.AuthorizedKeys,
            };
    }

    private static T? Last<T>(PlanGraph graph, string name)
        where T : class => graph.LastOutputs(name) is { } json ? ResourceJson.Read<T>(json) : null;
}
