using System.Text.Json;
using Tarmak.Machines.Planning;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>Plans what a <see cref="GraphSpec"/> says.</summary>
internal sealed class GraphPlanner : IPlanner
{
    public void Plan(string spec, PlanGraph graph)
    {
        var wanted = JsonSerializer.Deserialize<GraphSpec>(spec)!;
        foreach (var node in wanted.Nodes)
        {
            if (node.Nested is { } nested)
            {
                graph.Nested(
                    MachineKind.InstancePool, node.Name,
                    () =>
                    {
                        foreach (var read in node.Reads)
                        {
                            graph.Read<DnsRecordSetOutputs>(read);
                        }

                        return JsonSerializer.Serialize(nested);
                    },
                    after: [.. node.After]);
            }
            else
            {
                graph.Capability(
                    "cloud", node.Kind, node.Name,
                    () => new DnsRecordSetSpec("z", node.Name, "A", node.Size, [.. node.Reads.Select(r => graph.Read<DnsRecordSetOutputs>(r).Name)]),
                    [.. node.After]);
            }
        }

        if (wanted.Nodes.FirstOrDefault() is not { } first)
        {
            graph.Outputs = ResourceJson.Write(new DnsRecordSetOutputs("nothing"));
        }
        else if (graph.Find<DnsRecordSetOutputs>(first.Child) is { } outputs)
        {
            // Not an object's id: what is inside may be replaced while others still hold what the composite said.
            graph.Outputs = ResourceJson.Write(new DnsRecordSetOutputs($"of {outputs.Name}"));
        }
    }

    public bool DataLossConsented(string spec, string child) => true;
}
