using System.Globalization;
using Tarmak.Machines.Instances;
using Tarmak.Machines.Planning;

namespace Tarmak.Machines.InstancePools;

/// <summary>
/// Plans a pool: its instances, made all at once, changed one by one. An instance that is ready is changed only
/// while all others are ready too; one that is not may be mended at any time.
/// </summary>
public sealed class InstancePoolPlanner : IPlanner
{
    /// <inheritdoc/>
    public void Plan(string spec, PlanGraph graph)
    {
        var desired = DesiredJson.Read<InstancePoolDesired>(spec);
        var instances = Enumerable.Range(0, desired.Pool.Min)
            .Select(index => (Name: index.ToString(CultureInfo.InvariantCulture), Spec: DesiredJson.Write(Instance(desired, index))))
            .ToList();
        var changing = instances.FirstOrDefault(i => !graph.IsCurrent($"/{i.Name}", i.Spec)).Name;
        foreach (var (name, text) in instances)
        {
            var othersReady = instances.TrueForAll(i => i.Name == name || graph.IsReady($"/{i.Name}"));
            var hold = desired.Pool.IsStateful && graph.IsReady($"/{name}") && (!othersReady || name != changing);
            graph.Nested(MachineKind.Instance, name, () => text, hold);
        }
    }

    /// <inheritdoc/>
    public bool DataLossConsented(string spec, string child)
    {
        var desired = DesiredJson.Read<InstancePoolDesired>(spec);
        return !desired.DataLossConsent.About(ClusterKey(desired), desired.Pool.Name, int.Parse(child[1..], CultureInfo.InvariantCulture)).IsEmpty;
    }

    private static string ClusterKey(InstancePoolDesired pool) => $"{pool.Environment}/{pool.Cluster}";

    private static InstanceDesired Instance(InstancePoolDesired pool, int index) => new()
    {
        Environment = pool.Environment,
        Cluster = pool.Cluster,
        Pool = pool.Pool,
        Index = index,
        Address = pool.Addresses[index],
        NetworkId = pool.NetworkId,
        EdgeAddress = pool.EdgeAddress,
        EtcdMembers = pool.EtcdMembers,
        EtcdPublicName = pool.EtcdPublicName,
        LoadBalancerId = pool.LoadBalancerId,
        FirewallGroupId = pool.FirewallGroupId,
        LoadBalancerHost = pool.LoadBalancerHost,
        DataLossConsent = pool.DataLossConsent.About(ClusterKey(pool), pool.Pool.Name, index),
        Link = pool.Link,
    };
}
