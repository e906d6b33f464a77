using System.Collections.Immutable;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>One child of a random plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its resource kind; of a nested graph: empty.</param>
/// <param name="Size">What changes from one specification to the next.</param>
/// <param name="Reads">Children whose outputs its specification holds.</param>
/// <param name="After">Children it only comes after.</param>
/// <param name="Nested">The graph it is itself; null: an object.</param>
internal sealed record GraphNode(
    string Name, string Kind, int Size, ImmutableArray<string> Reads, ImmutableArray<string> After, GraphSpec? Nested)
{
    public string Child => Nested is null ? $"#{Kind}/{Name}" : $"/{Name}";

    public override string ToString() =>
        $"{Child}={Size}{(Reads.IsEmpty ? "" : "<" + string.Join(',', Reads))}{(After.IsEmpty ? "" : ">" + string.Join(',', After))}{(Nested is null ? "" : $"{{{Nested}}}")}";
}
