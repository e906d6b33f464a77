using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>One life of a cluster, with a death at every commit and every call, before and after.</summary>
public sealed class DeathSweepTests
{
    private static readonly GraphSpec Inner = new([Node("a", "replay", 1), Node("b", "slow", 1, "#replay/a")]);

    private static readonly GraphSpec First = new(
    [
        Node("net", "name", 1), Node("disk", "data", 1), Node("vm", "read", 1, "#name/net", "#data/disk"),
        new GraphNode("pool", "", 1, ["#name/net"], [], Inner), Node("dns", "replace", 1, "/pool"),
    ]);

    private static readonly GraphSpec Second = new(
    [
        Node("net", "name", 2), Node("vm", "read", 2, "#name/net"), Node("lb", "slow", 1, "#read/vm"),
        new GraphNode("pool", "", 1, ["#name/net"], ["#slow/lb"], new GraphSpec([Node("a", "replay", 2), Node("c", "read", 1, "#replay/a")])),
        Node("dns", "replace", 2, "/pool"),
    ]);

    [Theory]
    [InlineData(DeathScope.Activation)]
    [InlineData(DeathScope.Process)]
    public void Death_AtEveryPoint_EndsAsDeclared(DeathScope scope)
    {
        var points = Live(new ScenarioWorld(1));
        points.Should().BeGreaterThan(300);
        var stride = Sweep.Size(3, 1);
        var failures = new List<string>();
        for (long point = 0; point < points && failures.Count < 3; point += stride)
        {
            var played = new ScenarioWorld(1);
            played.World.DieAt(point, scope);
            try
            {
                Live(played);
            }
            catch (SimulationFailedException e)
            {
                failures.Add($"Death at point {point}:\n{e.Message}");
            }
        }

        failures.Should().BeEmpty();
    }

    [Fact]
    public void Death_TwiceInARow_EndsAsDeclared()
    {
        var points = Live(new ScenarioWorld(1));
        var failures = new List<string>();
        for (long point = 0; point < points && failures.Count < 3; point += Sweep.Size(11, 1))
        {
            var played = new ScenarioWorld(1);
            played.World.DieAt(point, DeathScope.Activation).DieAt(point + 3, DeathScope.Process).DieAt(point + 7, DeathScope.Activation);
            try
            {
                Live(played);
            }
            catch (SimulationFailedException e)
            {
                failures.Add($"Death at point {point}:\n{e.Message}");
            }
        }

        failures.Should().BeEmpty();
    }

    [Fact]
    public void Parent_IsReady_OnlyWhileWhatCountsIs()
    {
        var played = new ScenarioWorld(1);
        played.World.Committed = state =>
        {
            if (state.Phase == Phase.Ready)
            {
                state.Children.Values.Should().OnlyContain(c => played.World.StateOf(c.Address)!.Phase == Phase.Ready);
            }
        };

        Live(played);
    }

    [Fact]
    public void World_SameSeed_IsTheSame()
    {
        var (one, other) = (new ScenarioWorld(7, SimulationFaults.Everything(0.05)), new ScenarioWorld(7, SimulationFaults.Everything(0.05)));

        Live(one);
        Live(other);

        other.World.Trace.Should().Equal(one.World.Trace);
    }

    private static long Live(ScenarioWorld played)
    {
        played.Apply(First);
        played.World.Run(() => played.IsReady);
        played.Settle();
        played.Apply(Second);
        played.World.Run(() => played.IsReady);
        played.Settle();
        played.Delete();
        played.Settle();
        return played.World.Points;
    }

    private static GraphNode Node(string name, string kind, int size, params string[] reads) => new(name, kind, size, [.. reads], [], null);
}
