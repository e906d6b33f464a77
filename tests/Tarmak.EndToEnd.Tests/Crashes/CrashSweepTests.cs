using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Crashes;

/// <summary>
/// The engine is killed at changing calls to the container engine: before a call is forwarded, or after it took
/// effect with the reply withheld. Started again, it must end ready with exactly one object for each declared thing.
/// <c>TARMAK_CRASH_SWEEP</c>: a number of kills spread over the run (6 by default), <c>all</c>, or the calls from one to
/// another, such as <c>12-20</c>; of these each is cut on both sides.
/// </summary>
public sealed class CrashSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Kills run side by side, each on a network of its own: one that waits for the fate of a call that was cut off, or for
    // a machine to boot, leaves the time to the others.
    private const int SideBySide = 3;
    private const int FirstNetwork = 110;

    [Fact]
    public async Task Engine_KilledAtChangingCalls_GoesOnWhereItWas()
    {
        using var containers = new ContainerEngine();
        var before = await containers.SnapshotAsync(Token);
        var (calls, declared) = await CleanRunAsync(containers);
        calls.Should().BePositive();
        declared.Should().OnlyHaveUniqueItems();

        var points = Points(calls).ToList();
        points.Should().NotBeEmpty("a run has {0} calls", calls);
        var networks = new ConcurrentQueue<string>(Enumerable.Range(FirstNetwork, SideBySide).Select(n => $"10.{n}.0.0/16"));
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = Token }, async (point, _) =>
        {
            networks.TryDequeue(out var network).Should().BeTrue();
            await KillAndGoOnAsync(containers, network!, point.Call, point.Before, calls, declared);
            networks.Enqueue(network!);
        });

        (await containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
    }

    private static async Task KillAndGoOnAsync(
        ContainerEngine containers, string network, int call, bool beforeIt, int calls, IReadOnlyList<string> declared)
    {
        var begun = Stopwatch.GetTimestamp();
        var proxy = new CountingProxy(containers.Socket);
        var installation = await Installation.CreateAsync(network, proxy.SocketPath);
        try
        {
            var where = await KillAsync(installation, proxy, call, beforeIt, calls);
            await installation.UpAsync(Token);

            var owners = await containers.OwnersAsync(installation.Identity(), Token);
            owners.Should().Equal(declared, "the engine was killed {0} call {1} of {2}: {3}", beforeIt ? "before" : "after", call, calls, where);
            TestContext.Current.SendDiagnosticMessage(
                $"killed {(beforeIt ? "before" : "after")} call {call} of {calls}: {where}; ready {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s after the first up");
        }
        finally
        {
            await LeaveAsync(installation, proxy);
        }
    }

    private static async Task<string> KillAsync(Installation installation, CountingProxy proxy, int call, bool beforeIt, int calls)
    {
        var trap = proxy.Set(call, beforeIt, () => installation.KillEngineAsync(CancellationToken.None));
        await installation.TarmakAsync(Token, "up", "-f", installation.Manifest);

        // How many times something is read back and how changes are bundled differs from run to run, by a few calls.
        var where = trap.Sprung ? await trap.WhenSprung : "(the run needed fewer calls)";
        (trap.Sprung || call > calls * 3 / 4).Should().BeTrue("the engine was to be killed at call {0} of about {1}", call, calls);
        proxy.Clear();
        return where;
    }

    private static async Task LeaveAsync(Installation installation, CountingProxy proxy)
    {
        await using (proxy)
        await using (installation)
        {
            await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
        }
    }

    private static async Task<(int Calls, IReadOnlyList<string> Declared)> CleanRunAsync(ContainerEngine containers)
    {
        var proxy = new CountingProxy(containers.Socket);
        var installation = await Installation.CreateAsync("10.97.0.0/16", proxy.SocketPath);
        await installation.UpAsync(Token);
        var result = (proxy.Calls.Count, await containers.OwnersAsync(installation.Identity(), Token));
        await LeaveAsync(installation, proxy);
        return result;
    }

    /// <summary>Which calls to cut, and on which side of them.</summary>
    private static IEnumerable<(int Call, bool Before)> Points(int calls)
    {
        var wanted = Environment.GetEnvironmentVariable("TARMAK_CRASH_SWEEP");
        var (first, last) = wanted?.Split('-') switch
        {
            ["all"] => (1, calls),
            [var from, var to] => (Whole(from), Math.Min(calls, Whole(to))),
            _ => (0, 0),
        };
        if (first > 0)
        {
            return Enumerable.Range(first, last - first + 1).SelectMany(call => new[] { (call, true), (call, false) });
        }

        var count = Math.Min(calls, wanted is { Length: > 0 } ? Whole(wanted) : 6);
        return Enumerable.Range(0, count).Select(i => (1 + (int)((long)i * (calls - 1) / Math.Max(1, count - 1)), i % 2 == 0));
    }

    // A switch that is mistyped must not pass for a sweep.
    private static int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new InvalidOperationException($"TARMAK_CRASH_SWEEP has \"{text}\"; write a number of kills, all, or calls such as 12-20.");
}
