using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Planning;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Clusters;

/// <summary>
/// A cluster's firewall: a group for each role and its rules. A machine joins only after all rules that let it in elsewhere
/// are in force.
/// </summary>
/// <param name="Groups">Names of the groups among the cluster's children, by role.</param>
/// <param name="Rules">Names of the rules among the cluster's children.</param>
internal sealed record ClusterFirewall(IReadOnlyDictionary<PoolRole, string> Groups, ImmutableArray<string> Rules)
{
    /// <summary>Adds groups and rules to a plan.</summary>
    public static ClusterFirewall Plan(PlanGraph graph, ClusterDesired desired, EnvironmentLink link, string network, string edgeAddress)
    {
        var cluster = desired.Manifest.Spec;
        var roles = cluster.InstancePools.Select(p => p.Role).Distinct().Order().ToList();
        var groups = roles.ToDictionary(role => role, role => graph.Capability(link.Provider, ResourceKinds.FirewallGroup, Name(role), () =>
            new FirewallGroupSpec(graph.Read<NetworkOutputs>(network).NetworkId, Name(role))));
        return new ClusterFirewall(groups, [.. roles.Select(role => graph.Capability(link.Provider, ResourceKinds.FirewallRules, Name(role), () => new FirewallRulesSpec(
            GroupId(role),
            [.. FirewallTable.To(role).SelectMany(row => Peers(row.From).Select(peer => new FirewallRule(peer, row.Protocol, row.Ports)))])))]);

        string GroupId(PoolRole role) => graph.Read<FirewallGroupOutputs>(groups[role]).GroupId;

        IEnumerable<FirewallPeer> Peers(FirewallTable.Source source) => source switch
        {
            FirewallTable.Source.Machines(var role, var ownClusterOnly) => ownClusterOnly ? Own(role) : [.. Own(role), .. Peered(role)],

            // Balancers run on the edge, and come to their targets from its address.
            FirewallTable.Source.Balancer(var name) => [new FirewallPeer(FirewallPeerKinds.Balancer, name) { Addresses = [Range(edgeAddress)] }],
            FirewallTable.Source.AdminRanges => link.AdminCidrs.Select(range => new FirewallPeer(FirewallPeerKinds.Cidr, range) { Addresses = [range] }),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "There is no such source of traffic."),
        };

        FirewallPeer[] Own(PoolRole role) => !groups.ContainsKey(role) ? [] :
        [
            new FirewallPeer(FirewallPeerKinds.Role, Name(role))
            {
                GroupId = GroupId(role),
                Addresses = [.. PeeredCluster.AddressesOf(cluster, cluster.InstancePools.Where(p => p.Role == role)).Select(Range)],
            },
        ];

        // A group of another network is no peer everywhere, so that those are known by their addresses.
        IEnumerable<FirewallPeer> Peered(PoolRole role) => desired.Peers
            .Where(peer => peer.Addresses.ContainsKey(role))
            .Select(peer => new FirewallPeer(FirewallPeerKinds.Role, $"{peer.Name}/{Name(role)}") { Addresses = [.. peer.Addresses[role].Select(Range)] });
    }

    private static string Name(PoolRole role) => RoleDefinition.Of(role).Name;

    private static string Range(string address) => address + "/32";
}
