using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Instances;
using Tarmak.Machines.Planning;
using Tarmak.Machines.State;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Every machine that an environment's declaration leads to, in the order they would be started. The planners
/// themselves are run, on stand-in outputs, so what is previewed cannot differ from what would be done.
/// </summary>
internal static class PlanPreview
{
    // Each round makes at least one more specification complete; no plan is a chain this long.
    private const int MostRounds = 64;
    private const string Uid = "preview";

    public static IReadOnlyList<PlannedNode> Of(string environment, EnvironmentDesired desired)
    {
        var nodes = new List<PlannedNode>();
        if (desired.Environment is not null)
        {
            var root = new PlannedNode(MachineAddress.OfEnvironment(environment), DesiredJson.Write(desired));
            nodes.Add(root);
            Expand(root, nodes);
        }

        return nodes;
    }

    private static void Expand(PlannedNode parent, List<PlannedNode> nodes)
    {
        if (PlannerOf(parent.Address.Kind) is not { } planner)
        {
            return;
        }

        var children = ImmutableSortedDictionary.Create<string, ChildRecord>(StringComparer.Ordinal);
        Dictionary<string, PlannedNode> last = new(StringComparer.Ordinal);
        List<string> order = [];
        for (var round = 0; round < MostRounds; round++)
        {
            var graph = new PlanGraph(parent.Address, Uid, children);
            planner.Plan(parent.Spec, graph);
            var fresh = graph.Nodes.Where(n => n.Spec is not null && last.GetValueOrDefault(n.Name)?.Spec != n.Spec).ToList();
            if (fresh.Count == 0)
            {
                break;
            }

            foreach (var node in fresh)
            {
                if (!last.ContainsKey(node.Name))
                {
                    order.Add(node.Name);
                }

                last[node.Name] = new PlannedNode(node.Address, node.Spec!);
                children = children.SetItem(node.Name, Ready(node));
            }
        }

        foreach (var name in order)
        {
            nodes.Add(last[name]);
            Expand(last[name], nodes);
        }
    }

    private static ChildRecord Ready(PlanNode node)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.Spec!)));
        return new ChildRecord
        {
            Address = node.Address,
            Uid = Uid,
            Provider = node.Provider,
            SpecHash = hash,
            Generation = 1,
            DependsOn = node.DependsOn,
            Status = new ChildStatus(node.Address, Uid, 1, 1, hash, Phase.Ready, null, StandInOutputs.Of(node)),
        };
    }

    private static IPlanner? PlannerOf(MachineKind kind) => kind switch
    {
        MachineKind.Environment => new EnvironmentPlanner(),
        MachineKind.Cluster => new ClusterPlanner(),
        MachineKind.InstancePool => new InstancePoolPlanner(),
        MachineKind.Instance => new InstancePlanner(),
        _ => null,
    };
}
