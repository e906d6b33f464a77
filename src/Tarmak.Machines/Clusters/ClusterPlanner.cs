using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Planning;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Clusters;

/// <summary>Plans a cluster: its authority, network, balancers, names and pools.</summary>
public sealed class ClusterPlanner : IPlanner
{
    /// <inheritdoc/>
    public void Plan(string spec, PlanGraph graph)
    {
        var desired = DesiredJson.Read<ClusterDesired>(spec);
        var cluster = desired.Manifest.Spec;
        graph.Paused = cluster.Paused;
        var hasEtcd = cluster.InstancePools.Any(p => p.Role == PoolRole.Etcd);
        string[] authorities = hasEtcd
            ? [graph.Capability(EngineProvider.Name, ResourceKinds.Authority, "etcd", () => new AuthoritySpec(graph.Parent.Key, "etcd"))]
            : [];
        if (desired.Link is not { } link)
        {
            graph.Awaiting = $"environment {desired.Environment}";
            return;
        }

        var cidr = Cidr.Parse(cluster.Network.Cidr);
        var edgeAddress = cidr.Host(AddressPlan.EdgeOffset).ToString();
        var network = graph.Capability(link.Provider, ResourceKinds.Network, "main", () => new NetworkSpec(cluster.Network.Cidr, Internal: true));
        var attachment = graph.Capability(link.Provider, ResourceKinds.EdgeAttachment, "main", () => new EdgeAttachmentSpec(
            link.EdgeId, graph.Read<NetworkOutputs>(network).NetworkId, edgeAddress));

        var etcdBalancer = hasEtcd ? Balancer(graph, link, network, attachment, FirewallTable.EtcdBalancer) : null;
        var sshBalancer = cluster.InstancePools.Any(p => p.Role == PoolRole.Bastion) ? Balancer(graph, link, network, attachment, FirewallTable.SshBalancer) : null;
        var publicName = PublicName(graph, desired, link, etcdBalancer);

        Peering(graph, desired, link, network, attachment);
        var firewall = ClusterFirewall.Plan(graph, desired, link, network, edgeAddress);
        string[] repositories = [.. (cluster.Repositories ?? []).Select(name => graph.Capability(link.Provider, ResourceKinds.RegistryRepository, name, () =>
            new RegistryRepositorySpec(RepositoryNames.OfCluster(desired.Name, name), link.EdgeId), attachment))];
        var members = EtcdMembers(desired, cluster, link);
        foreach (var pool in cluster.InstancePools)
        {
            var balancer = pool.Role switch
            {
                PoolRole.Etcd => etcdBalancer,
                PoolRole.Bastion => sshBalancer,
                _ => null,
            };
            graph.Nested(MachineKind.InstancePool, pool.Name, after: [attachment, .. authorities, .. firewall.Rules], spec: () => DesiredJson.Write(new InstancePoolDesired
            {
                Environment = desired.Environment,
                Cluster = desired.Name,
                Pool = pool,
                Addresses = [.. AddressPlan.Addresses(cluster, pool).Select(a => a.ToString())],
                NetworkId = graph.Read<NetworkOutputs>(network).NetworkId,
                EdgeAddress = edgeAddress,
                EtcdMembers = members,
                EtcdPublicName = publicName,
                LoadBalancerId = balancer is null ? null : graph.Read<LoadBalancerOutputs>(balancer).LoadBalancerId,
                FirewallGroupId = graph.Read<FirewallGroupOutputs>(firewall.Groups[pool.Role]).GroupId,
                LoadBalancerHost = balancer is not null && graph.Read<LoadBalancerOutputs>(balancer).Host is var host && host != link.BalancerHost ? host : null,
                DataLossConsent = desired.DataLossConsent.About($"{desired.Environment}/{desired.Name}", pool.Name),

                // Who may come in is the firewall's business: a changed range changes no machine.
                Link = link with { AdminCidrs = [], Repositories = [.. link.Repositories, .. repositories.Select(graph.Read<RegistryRepositoryOutputs>)] },
            }));
        }

        if (graph.Find<NetworkOutputs>(network) is { } made && IsKnown(etcdBalancer, out var etcd) && IsKnown(sshBalancer, out var ssh))
        {
            graph.Outputs = DesiredJson.Write(new ClusterOutputs(etcd, publicName, ssh) { NetworkId = made.NetworkId });
        }

        bool IsKnown(string? balancer, out string? endpoint)
        {
            var outputs = balancer is null ? null : graph.Find<LoadBalancerOutputs>(balancer);
            endpoint = outputs is null ? null : $"{outputs.Host}:{outputs.Port}";
            return balancer is null || outputs is not null;
        }
    }

    /// <inheritdoc/>
    public bool DataLossConsented(string spec, string child)
    {
        var desired = DesiredJson.Read<ClusterDesired>(spec);
        return !desired.DataLossConsent.About($"{desired.Environment}/{desired.Name}", child[1..]).IsEmpty;
    }

    /// <summary>
    /// The name of etcd seen from outside. Where names moved, the new record is made and looked at before the old one goes,
    /// and until then the old name is the one in force.
    /// </summary>
    private static string? PublicName(PlanGraph graph, ClusterDesired desired, EnvironmentLink link, string? balancer)
    {
        if (balancer is null || link.PublicZone is not { } zone)
        {
            return null;
        }

        var place = link.PublicDnsPlace ?? 0;
        var name = $"etcd.{desired.Environment}-{desired.Name}.{zone}";
        var record = graph.Capability(link.PublicDnsProvider, ResourceKinds.DnsRecordSet, BoundPlace.TitleOf("etcd", place), () => DnsRecordSetSpec.Of(
            link.PublicZoneId!, name, graph.Read<LoadBalancerOutputs>(balancer).Host));
        var former = graph.Known(ResourceKinds.DnsRecordSet).Where(known => known != record).ToList();
        const string Binding = $"#{ResourceKinds.Binding}/{CapabilityNames.Dns}";
        if (former.Count == 0 && (place == 0 && !graph.Knows(Binding)))
        {
            return name;
        }

        graph.Capability(EngineProvider.Name, ResourceKinds.Binding, CapabilityNames.Dns, () =>
        {
            graph.Read<DnsRecordSetOutputs>(record);
            return new BindingSpec
            {
                Environment = desired.Environment,
                Key = CapabilityNames.Dns,
                Place = place,
                Provider = link.PublicDnsProvider,
                Object = graph.Parent.Key + record,
            };
        });
        if (graph.Find<BindingOutputs>(Binding)?.Place == place)
        {
            return name;
        }

        former.ForEach(graph.Retain);
        var inForce = graph.LastOutputs(Binding) is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs).Place : 0;
        return graph.LastOutputs($"#{ResourceKinds.DnsRecordSet}/{BoundPlace.TitleOf("etcd", inForce)}") is { } served
            ? ResourceJson.Read<DnsRecordSetOutputs>(served).Name
            : name;
    }

    /// <summary>A spoke asks for the way to its hub, and accepts it in the hub's name: both halves go before either network does.</summary>
    private static void Peering(PlanGraph graph, ClusterDesired desired, EnvironmentLink link, string network, string attachment)
    {
        if (desired.Peers.SingleOrDefault(peer => peer.IsHub) is not { } hub)
        {
            return;
        }

        if (hub.NetworkId is null)
        {
            graph.Awaiting = "the hub's network";
        }

        var cidr = desired.Manifest.Spec.Network.Cidr;
        var offer = graph.Capability(link.Provider, ResourceKinds.PeeringOffer, hub.Name, () => new PeeringOfferSpec(
            graph.Read<NetworkOutputs>(network).NetworkId, cidr, hub.NetworkId ?? PlanGraph.Wait(), hub.Cidr, link.EdgeId), attachment);
        graph.Capability(link.Provider, ResourceKinds.PeeringAcceptance, hub.Name, () => new PeeringAcceptanceSpec(
            graph.Read<PeeringOfferOutputs>(offer).OfferId, hub.NetworkId ?? PlanGraph.Wait(), hub.Cidr, graph.Read<NetworkOutputs>(network).NetworkId, cidr));
    }

    private static string Balancer(PlanGraph graph, EnvironmentLink link, string network, string attachment, string name) =>
        graph.Capability(
            link.Provider, ResourceKinds.LoadBalancer, name,
            () => new LoadBalancerSpec(
                link.EdgeId, graph.Read<NetworkOutputs>(network).NetworkId, new HealthCheck("tcp", null, 2, 2, 2, 2), Port: null, IdleSeconds: 3600),
            attachment);

    private static ImmutableArray<EtcdMember> EtcdMembers(ClusterDesired desired, ClusterSpec cluster, EnvironmentLink link) =>
        [.. cluster.InstancePools.Where(p => p.Role == PoolRole.Etcd).SelectMany(pool => AddressPlan.Addresses(cluster, pool).Select((address, index) =>
            new EtcdMember(pool.InstanceName(index), $"{pool.InstanceName(index)}.{desired.Name}.{link.PrivateZone}", address.ToString())))];
}
