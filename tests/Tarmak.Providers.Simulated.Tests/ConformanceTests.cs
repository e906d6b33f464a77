using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Reports;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>The kit against every sort of cloud, in virtual time.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, long> Clouds() =>
        [.. CloudProfiles.All.SelectMany(p => new long[] { 1, 2, 3 }.Select(seed => (p.Name, seed)))];

    [Theory]
    [MemberData(nameof(Clouds))]
    public async Task Provider_AtEverySortOfCloud_PassesEveryCheck_AndLeavesNothing(string profile, long seed)
    {
        using var clock = new VirtualClock();
        SimulatedCloud? cloud = null;
        SimulatedProvider Open() => new(cloud!, "i", clock);
        var faults = new PlacedFaults(Open);
        cloud = new SimulatedCloud(new Scenario(seed, CloudProfiles.Find(profile)!, faults.Placed), clock);
        var subject = new ConformanceSubject("simulated", "i", Open) { Faults = faults, OpenAs = other => new SimulatedProvider(cloud, other, clock), Other = Beside(clock) };

        var report = await new ConformanceKit(clock) { Run = "kit", Seed = (int)seed, Share = seed == 1 ? 1 : 5 }.RunAsync(subject, ConformanceKit.All, TestContext.Current.CancellationToken);

        if (seed == 1)
        {
            StoredReport.KeepWhereWanted($"simulated-{profile}", report);
        }

        string.Join('\n', report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}")).Should().BeEmpty();
        report.Results.Count(r => r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(100);
        cloud.Look(account => SimulatedKinds.All.Where(k => !k.IsShared && account.Count(k) > 0).Select(k => k.Name).ToList()).Should().BeEmpty();
    }

    /// <summary>A cloud of the default sort, that something is taken from; every other pair is of the override matrix.</summary>
    private static ConformanceSubject Beside(VirtualClock clock)
    {
        var cloud = new SimulatedCloud(new Scenario(1, CloudProfiles.Default, []), clock);
        return new ConformanceSubject("beside", "i", () => new SimulatedProvider(cloud, "i", clock));
    }
}
