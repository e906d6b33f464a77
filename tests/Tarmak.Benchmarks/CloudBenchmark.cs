using System.Diagnostics;
using System.Globalization;
using Tarmak.Providers.Simulated;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Scale;

namespace Tarmak.Benchmarks;

/// <summary>How much memory the objects of many clusters take in the simulated cloud, and how fast they are made and listed.</summary>
internal static class CloudBenchmark
{
    private const double Megabyte = 1024 * 1024;

    public static async Task RunAsync(int clusters)
    {
        var cloud = new SimulatedCloud(new Scenario(1, CloudProfiles.Default with { Latencies = [], Limits = [] }, []), TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        await new Fleet(cloud).MakeAsync(clusters);
        var made = clock.Elapsed;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var objects = cloud.Look(a => SimulatedKinds.All.Sum(a.Count));
        clock.Restart();
        var listed = (await new SimulatedProvider(cloud, "5b0f6d3e9a7c", TimeProvider.System).Watch.ListOwnedAsync(CancellationToken.None)).Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clusters:N0} clusters, {objects:N0} objects: {bytes / Megabyte:N0} MiB, {(double)bytes / objects:N0} bytes each; made in {made.TotalSeconds:N1} s, {listed:N0} listed in {clock.Elapsed.TotalSeconds:N1} s"));
        GC.KeepAlive(cloud);
    }
}
