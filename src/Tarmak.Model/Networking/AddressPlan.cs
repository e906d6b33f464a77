using System.Net;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Networking;

/// <summary>
/// Fixed addresses of stateful machines, as offsets in the private subnet of their zone: 1 gateway, 2 edge, 3–9 reserved,
/// 10–19 vault, 20–39 etcd, 40–49 bastion, 50–59 jenkins, 60–255 reserved; from 256 addresses are given out freely.
/// A cluster has at most one pool of each stateful role, so role and index decide; no two machines share an address.
/// </summary>
public static class AddressPlan
{
    /// <summary>Offset of a subnet's gateway.</summary>
    public const int GatewayOffset = 1;

    /// <summary>Offset of the environment's edge.</summary>
    public const int EdgeOffset = 2;

    /// <summary>First offset that is given out freely, to machines of stateless pools.</summary>
    public const int FirstFreeOffset = 256;

    /// <summary>Address of a stateful pool's machine.</summary>
    /// <param name="cluster">The cluster's range.</param>
    /// <param name="zone">Index of the machine's zone.</param>
    /// <param name="role">Role of its pool.</param>
    /// <param name="index">Index of the machine in its pool, over all zones.</param>
    /// <exception cref="ArgumentOutOfRangeException">The role is not stateful, or there is no such zone or machine.</exception>
    public static IPAddress Address(Cidr cluster, int zone, PoolRole role, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(zone);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(zone, SubnetPlan.MostZones);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, RoleDefinition.Of(role).MostMachines);
        return SubnetPlan.PrivateOf(cluster, zone).Host(FirstOffset(role) + index);
    }

    /// <summary>Addresses of all machines of a stateful pool, by index.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="pool">One of its stateful pools.</param>
    public static IReadOnlyList<IPAddress> Addresses(ClusterSpec cluster, InstancePoolSpec pool)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(pool);
        var cidr = Cidr.Parse(cluster.Network.Cidr);
        return [.. Enumerable.Range(0, pool.Max).Select(index => Address(cidr, ZoneOf(cluster, pool, index), pool.Role, index))];
    }

    /// <summary>Index of the zone a pool's machine stands in: the pool's zones (else the cluster's) in turn.</summary>
    public static int ZoneOf(ClusterSpec cluster, InstancePoolSpec pool, int index)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(pool);
        var all = cluster.Zones();
        var own = pool.Zones.Count == 0 ? all : pool.Zones;
        return all.Index().First(zone => zone.Item == own[index % own.Count]).Index;
    }

    private static int FirstOffset(PoolRole role) => role switch
    {
        PoolRole.Vault => 10,
        PoolRole.Etcd => 20,
        PoolRole.Bastion => 40,
        PoolRole.Jenkins => 50,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Machines of stateless pools have no fixed address."),
    };
}
