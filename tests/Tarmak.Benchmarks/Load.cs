using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Tarmak.Benchmarks;

/// <summary>Callers that write for a time, each one after the other, and what they measured.</summary>
internal sealed record Load(string Name, long Writes, TimeSpan Elapsed, TimeSpan Median, TimeSpan P99, TimeSpan Longest)
{
    public double PerSecond => Writes / Elapsed.TotalSeconds;

    public static async Task<Load> MeasureAsync(string name, int callers, TimeSpan duration, Func<int, Func<Task>> caller)
    {
        await RunAsync(callers, TimeSpan.FromSeconds(1), caller);
        var clock = Stopwatch.StartNew();
        var latencies = await RunAsync(callers, duration, caller);
        var elapsed = clock.Elapsed;
        latencies.Sort();
        return new Load(
            name, latencies.Count, elapsed, latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.99)], latencies[^1]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-44} {PerSecond,9:N0} writes/s   p50 {Median.TotalMilliseconds,7:N1} ms   p99 {P99.TotalMilliseconds,7:N1} ms   max {Longest.TotalMilliseconds,7:N1} ms");

    private static async Task<List<TimeSpan>> RunAsync(int callers, TimeSpan duration, Func<int, Func<Task>> caller)
    {
        var latencies = new ConcurrentBag<List<TimeSpan>>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(n => Task.Run(async () =>
        {
            var write = caller(n);
            var mine = new List<TimeSpan>();
            while (clock.Elapsed < duration)
            {
                var start = Stopwatch.GetTimestamp();
                await write();
                mine.Add(Stopwatch.GetElapsedTime(start));
            }

            latencies.Add(mine);
        })));
        return [.. latencies.SelectMany(some => some)];
    }
}
