using System.Collections.Immutable;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>Specification of a random composite: its children, in an order in which each only needs earlier ones.</summary>
internal sealed record GraphSpec(ImmutableArray<GraphNode> Nodes)
{
    /// <summary>All objects, with the address of each.</summary>
    public IEnumerable<(MachineAddress Address, GraphNode Node)> Objects(MachineAddress parent) => Nodes.SelectMany(n =>
        n.Nested is { } nested
            ? nested.Objects(parent.Nested(MachineKind.InstancePool, n.Name))
            : [(parent.Capability(n.Kind, n.Name), n)]);

    public override string ToString() => string.Join(' ', Nodes);
}
