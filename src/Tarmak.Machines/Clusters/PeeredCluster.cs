using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;

namespace Tarmak.Machines.Clusters;

/// <summary>A cluster as those know it that are peered with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cidr">Range of its network.</param>
/// <param name="Addresses">Addresses of its machines, by role.</param>
public sealed record PeeredCluster(string Name, string Cidr, ImmutableSortedDictionary<PoolRole, ImmutableArray<string>> Addresses)
{
    /// <summary>Of a hub: its network, once it is known.</summary>
    public string? NetworkId { get; init; }

    /// <summary>Whether this is the hub.</summary>
    [JsonIgnore]
    public bool IsHub => Name == ModelDefaults.HubName;

    /// <summary>What a cluster's manifest says of it.</summary>
    /// <param name="name">The cluster's name.</param>
    /// <param name="spec">Its manifest.</param>
    /// <returns>The cluster as others know it.</returns>
    public static PeeredCluster Of(string name, ClusterSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new PeeredCluster(name, spec.Network.Cidr, spec.InstancePools.GroupBy(p => p.Role).ToImmutableSortedDictionary(pools => pools.Key, pools => AddressesOf(spec, pools)));
    }

    /// <summary>Addresses of pools' machines; machines of stateless pools have none before they are made.</summary>
    internal static ImmutableArray<string> AddressesOf(ClusterSpec spec, IEnumerable<InstancePoolSpec> pools) =>
        [.. pools.Where(p => p.IsStateful).SelectMany(p => AddressPlan.Addresses(spec, p)).Select(a => a.ToString())];
}
