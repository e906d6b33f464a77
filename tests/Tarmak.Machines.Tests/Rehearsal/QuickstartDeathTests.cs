using Tarmak.Machines.Simulation;
using Tarmak.Model.Resources;
using static Tarmak.Machines.Tests.Rehearsal.QuickstartWorld;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>The life of the quickstart, with deaths and misfortune on the way.</summary>
public sealed class QuickstartDeathTests
{
    [Theory]
    [InlineData(DeathScope.Activation)]
    [InlineData(DeathScope.Process)]
    public void Death_OnTheWay_EndsTheSame(DeathScope scope)
    {
        var points = Live(new QuickstartWorld());
        points.Should().BeGreaterThan(500);
        var failures = new List<string>();
        for (long point = scope == DeathScope.Process ? 3 : 0; point < points && failures.Count < 3; point += Sweep.Size(14, 1))
        {
            var played = new QuickstartWorld();
            played.World.DieAt(point, scope);
            Try(played, $"Death at point {point}", failures);
        }

        failures.Should().BeEmpty();
    }

    [Fact]
    public void Everything_GoesWrongNowAndThen_EndsTheSame()
    {
        var failures = new List<string>();
        for (var seed = 1; seed <= Sweep.Size(20, 2000) && failures.Count < 3; seed++)
        {
            Try(new QuickstartWorld(seed, SimulationFaults.Everything(0.02 + (0.02 * (seed % 4)))), $"Seed {seed}", failures);
        }

        failures.Should().BeEmpty();
    }

    private static void Try(QuickstartWorld played, string what, List<string> failures)
    {
        try
        {
            Live(played);
        }
        catch (SimulationFailedException e)
        {
            failures.Add($"{what}:\n{e.Message}");
        }
        catch (Xunit.Sdk.XunitException e)
        {
            failures.Add($"{what}:\n{e.Message}\n{played.World.Failure("").Message}");
        }
    }

    private static long Live(QuickstartWorld played)
    {
        played.Put(Quickstart.Desired());
        Rest(played);
        played.ShouldBeReady();

        played.Vanish(ObjectOf(EtcdInstance(1), ResourceKinds.Machine));
        Rest(played);
        played.PutCluster(Quickstart.Etcd(size: "medium"));
        Rest(played);
        played.ShouldBeReady();

        played.DeleteCluster(consent: true);
        played.DeleteEnvironment(consent: true);
        Rest(played);
        played.World.Cloud.Living.Should().BeEmpty();
        played.World.Machines.Values.Should().OnlyContain(m => m.State.Phase == State.Phase.Deleted);
        return played.World.Points;
    }

    /// <summary>Until nothing is left to happen, a watcher's look at a cadence included.</summary>
    private static void Rest(QuickstartWorld played)
    {
        for (var minute = 1; minute <= 15; minute++)
        {
            played.World.After(TimeSpan.FromMinutes(minute), played.World.Watch);
        }

        played.Settle();
    }
}
