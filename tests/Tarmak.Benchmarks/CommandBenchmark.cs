using System.Diagnostics;
using System.Globalization;

namespace Tarmak.Benchmarks;

/// <summary>
/// How long a list takes as a whole process, as a user or a script meets it, with the engine of <c>TARMAK_HOME</c> up:
/// against a process that does nothing, which is the limit, and against Podman's list of its containers.
/// </summary>
internal static class CommandBenchmark
{
    private static readonly TimeSpan Promise = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(string tarmak, int runs)
    {
        Console.WriteLine($"{runs} runs each, one after the other, {Environment.ProcessorCount} cores");
        var nothing = await MeasureAsync("a process that does nothing", "/bin/true", [], runs);
        var ours = await MeasureAsync("tarmak get clusters -o json", tarmak, ["get", "clusters", "-o", "json"], runs);
        var peer = await MeasureAsync("podman ps --format json", "podman", ["ps", "--format", "json"], runs);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratio to the limit {ours / nothing:N1}, to the peer {ours / peer:N2}; promised are {Promise.TotalMilliseconds:N0} ms, kept {Promise / ours:N1} times over"));
    }

    private static async Task<TimeSpan> MeasureAsync(string name, string program, string[] arguments, int runs)
    {
        await RunAsync(program, arguments);
        List<TimeSpan> times = [];
        for (var i = 0; i < runs; i++)
        {
            times.Add(await RunAsync(program, arguments));
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} p50 {times[times.Count / 2].TotalMilliseconds,7:N1} ms   p99 {times[(int)(times.Count * 0.99)].TotalMilliseconds,7:N1} ms   max {times[^1].TotalMilliseconds,7:N1} ms"));
        return times[times.Count / 2];
    }

    private static async Task<TimeSpan> RunAsync(string program, string[] arguments)
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(begun)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; is the engine up?");
    }
}
