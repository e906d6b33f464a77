using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Scale;

namespace Tarmak.Providers.Simulated.Tests;

public sealed class ScaleTests
{
    /// <summary>What there is for ten thousand clusters.</summary>
    private const long Room = 2L * 1024 * 1024 * 1024;

    [Fact]
    public async Task TenThousandClusters_BySizeOfAFew_FitInTwoGigabytes()
    {
        const int Few = 200;
        var cloud = new SimulatedCloud(new Scenario(1, CloudProfiles.Default with { Latencies = [], Limits = [] }, []), TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await new Fleet(cloud).MakeAsync(Few);

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Few;
        cloud.Look(a => SimulatedKinds.All.Where(k => !k.IsShared).Sum(a.Count)).Should().BeGreaterThanOrEqualTo(Few * Fleet.ObjectsOfACluster);
        (each * 10_000).Should().BeLessThan(Room);
        GC.KeepAlive(cloud);
    }
}
