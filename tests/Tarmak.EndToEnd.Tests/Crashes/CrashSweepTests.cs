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

    [Fact]
    public async Task Engine_KilledAtChangingCalls_GoesOnWhereItWas()
    {
        using var containers = new ContainerEngine();
        var before = await containers.SnapshotAsync(Token);
        await using var proxy = new CountingProxy(containers.Socket);
        var (calls, declared) = await CleanRunAsync(containers, proxy);
        calls.Should().BePositive();
        declared.Should().OnlyHaveUniqueItems();

        foreach (var (call, beforeIt) in Points(calls))
        {
            await using var installation = await Installation.CreateAsync("10.97.0.0/16", proxy.SocketPath);
            var trap = proxy.Set(call, beforeIt, () => installation.KillEngineAsync(CancellationToken.None));
            var interrupted = installation.TarmakAsync(Token, "up", "-f", installation.Manifest);
            var first = await Task.WhenAny(trap.WhenSprung, interrupted);
            var where = first == trap.WhenSprung ? await trap.WhenSprung : "(the run needed fewer calls)";
            await interrupted;
            proxy.Clear();

            await installation.UpAsync(Token);

            var owners = await containers.OwnersAsync(installation.Identity(), Token);
            owners.Should().Equal(declared, "the engine was killed {0} call {1} of {2}: {3}", beforeIt ? "before" : "after", call, calls, where);
            await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
            TestContext.Current.SendDiagnosticMessage($"killed {(beforeIt ? "before" : "after")} call {call} of {calls}: {where}");
        }

        (await containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
    }

    private static async Task<(int Calls, IReadOnlyList<string> Declared)> CleanRunAsync(ContainerEngine containers, CountingProxy proxy)
    {
        await using var installation = await Installation.CreateAsync("10.97.0.0/16", proxy.SocketPath);
        proxy.Clear();
        await installation.UpAsync(Token);
        var result = (proxy.Calls.Count, await containers.OwnersAsync(installation.Identity(), Token));
        await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
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
