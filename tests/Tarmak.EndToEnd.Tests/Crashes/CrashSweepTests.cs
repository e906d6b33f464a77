using System.Globalization;
using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Crashes;

/// <summary>
/// The engine is killed at changing calls to the container engine: before a call is forwarded, or after it took
/// effect with the reply withheld. Started again, it must end ready with exactly one object for each declared thing.
/// <c>TARMAK_CRASH_SWEEP</c>: a number of kills spread over the run (6 by default), or <c>all</c>.
/// </summary>
public sealed class CrashSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Deletions run beside the next kills, each on a network of its own: one that waits for the fate of a call that was
    // cut off waits for a minute.
    private const int SideBySide = 4;
    private const int FirstNetwork = 110;

    [Fact]
    public async Task Engine_KilledAtChangingCalls_GoesOnWhereItWas()
    {
        using var containers = new ContainerEngine();
        var before = await containers.SnapshotAsync(Token);
        var (calls, declared) = await CleanRunAsync(containers);
        calls.Should().BePositive();
        declared.Should().OnlyHaveUniqueItems();

        var leaving = new List<Task>();
        try
        {
            foreach (var (number, (call, beforeIt)) in Points(calls).Index())
            {
                if (number >= SideBySide)
                {
                    await leaving[number - SideBySide];
                }

                var proxy = new CountingProxy(containers.Socket);
                var installation = await Installation.CreateAsync($"10.{FirstNetwork + (number % (2 * SideBySide))}.0.0/16", proxy.SocketPath);
                var where = await KillAsync(installation, proxy, call, beforeIt, calls);
                await installation.UpAsync(Token);

                var owners = await containers.OwnersAsync(installation.Identity(), Token);
                leaving.Add(LeaveAsync(installation, proxy));
                owners.Should().Equal(declared, "the engine was killed {0} call {1} of {2}: {3}", beforeIt ? "before" : "after", call, calls, where);
                TestContext.Current.SendDiagnosticMessage($"killed {(beforeIt ? "before" : "after")} call {call} of {calls}: {where}");
            }
        }
        finally
        {
            // Whatever failed, nothing stays behind; how the deletions ended is looked at below.
            await Task.WhenAll(leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await Task.WhenAll(leaving);
        (await containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
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
        if (wanted == "all")
        {
            return Enumerable.Range(1, calls).SelectMany(call => new[] { (call, true), (call, false) });
        }

        var count = Math.Min(calls, int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 6);
        return Enumerable.Range(0, count).Select(i => (1 + (int)((long)i * (calls - 1) / Math.Max(1, count - 1)), i % 2 == 0));
    }
}
