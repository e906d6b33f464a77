using System.Collections.Immutable;
using CsCheck;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>What an owner does to a cluster, and when.</summary>
/// <param name="Specs">The specifications applied, one after the other.</param>
/// <param name="Waits">Seconds before each of them but the first, and before the deletion.</param>
/// <param name="Deletes">Whether it is deleted in the end.</param>
/// <param name="Drifts">Seconds after which some object vanishes or is disturbed.</param>
internal sealed record Scenario(ImmutableArray<GraphSpec> Specs, ImmutableArray<int> Waits, bool Deletes, ImmutableArray<int> Drifts)
{
    private const int Names = 6;

    private static readonly string[] Kinds = ["replay", "name", "read", "slow", "data", "replace", "shared", "named"];

    public static Gen<Scenario> Any { get; } =
        from kinds in Gen.Int[0, Kinds.Length].Array[Names]
        from nested in Graph(Names, [.. kinds.Select(k => k == Kinds.Length ? 0 : k)], depth: 1).Array[2]
        from specs in Graph(Names, kinds, depth: 0, nested).Array[1, 4]
        from waits in Gen.Int[0, 40].Array[4]
        from deletes in Gen.Bool
        from drifts in Gen.Int[0, 200].Array[0, 3]
        select new Scenario([.. specs], [.. waits], deletes, [.. drifts]);

    /// <summary>Whether no change turns a dependency round.</summary>
    public bool IsOneWay => Graphs(Specs).All(IsAscending) || Graphs(Specs).All(g => IsAscending(new GraphSpec([.. g.Nodes.Reverse()])));

    private static IEnumerable<GraphSpec> Graphs(IEnumerable<GraphSpec> specs) =>
        specs.SelectMany(s => Graphs(s.Nodes.Select(n => n.Nested).OfType<GraphSpec>()).Append(s));

    private static bool IsAscending(GraphSpec graph) => graph.Nodes.Select(n => n.Name).SequenceEqual(graph.Nodes.Select(n => n.Name).Order(StringComparer.Ordinal));

    public override string ToString() =>
        $"{string.Join("  |  ", Specs)}  waits {string.Join(',', Waits)}{(Deletes ? " then deletes" : "")} drifts {string.Join(',', Drifts)}";

    private static Gen<GraphSpec> Graph(int names, int[] kinds, int depth, GraphSpec[]? nested = null) =>
        from present in Gen.Int[0, (1 << names) - 1]
        from sizes in Gen.Int[1, 3].Array[names]
        from reads in Gen.Int[0, (1 << names) - 1].Array[names]
        from thin in Gen.Int[0, (1 << names) - 1].Array[names]
        from after in Gen.Int[0, (1 << names) - 1].Array[names]
        from turned in Gen.Bool
        select Build(present, sizes, [.. reads.Zip(thin, (r, t) => r & t)], [.. after.Zip(thin, (a, t) => a & ~t)], turned, kinds, depth, nested);

    private static GraphSpec Build(int present, int[] sizes, int[] reads, int[] after, bool turned, int[] kinds, int depth, GraphSpec[]? nested)
    {
        var nodes = new List<GraphNode>();
        var order = Enumerable.Range(0, sizes.Length);
        foreach (var i in turned ? order.Reverse() : order)
        {
            if ((present & (1 << i)) == 0)
            {
                continue;
            }

            // The last index of kinds stands for a nested graph. What is replaced when it changes is read by nobody:
            // its readers would hold the id of the old one while it goes.
            var inner = kinds[i] == Kinds.Length;
            var earlier = nodes.Where(n => n.Kind != "replace" && (n.Nested is null || !n.Nested.Nodes.Any(x => x.Kind == "replace"))).ToList();
            nodes.Add(new GraphNode(
                $"n{i}", inner ? "" : Kinds[kinds[i]], sizes[i],
                [.. earlier.Where((_, e) => (reads[i] & (1 << e)) != 0).Select(e => e.Child)],
                [.. nodes.Where((_, e) => (after[i] & (1 << e)) != 0).Select(e => e.Child)],
                inner ? nested![sizes[i] % nested.Length] : null));
        }

        return new GraphSpec([.. nodes]);
    }
}
