using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>The override matrix: what machines of every sort of cloud are served by every sort of cloud.</summary>
public sealed class OverrideTests
{
    public static TheoryData<string, string> Matrix() =>
        [.. CloudProfiles.All.SelectMany(own => CloudProfiles.All.Select(other => (own.Name, other.Name)))];

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task CloudOfEverySort_ServesMachinesOfEveryOther_AndLeavesNothing(string own, string other)
    {
        using var clock = new VirtualClock();
        var (cloud, beside) = (Cloud(own, 1), Cloud(other, 2));
        var subject = new ConformanceSubject("simulated", "i", () => new SimulatedProvider(cloud, "i", clock))
        {
            Other = new ConformanceSubject("beside", "i", () => new SimulatedProvider(beside, "i", clock)),
        };
        var checks = ConformanceKit.All.Where(c => c.ExcludedBetween is not null).ToList();

        var report = await new ConformanceKit(clock) { Run = "override" }.RunAsync(subject, checks, TestContext.Current.CancellationToken);

        string.Join('\n', report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}")).Should().BeEmpty();
        report.Results.Where(r => r.Outcome == CheckOutcome.NotOffered).Select(r => (r.Check.Capability, r.Message)).Should().Equal(
            (CapabilityNames.ContainerRegistry, "By the sheets: it cannot be taken from simulated, whose containerRegistry lets in machines of its own only."),
            (CapabilityNames.NetworkPeering, "By the sheets: it cannot be taken from simulated, whose networks have no ways to those of the machines' provider."));
        report.Results.Count(r => r.Outcome == CheckOutcome.Passed && r.Check.ExcludedBetween is not null).Should().Be(checks.Count - 2);
        foreach (var account in new[] { cloud, beside })
        {
            account.Look(a => SimulatedKinds.All.Where(k => !k.IsShared && a.Count(k) > 0).Select(k => k.Name).ToList()).Should().BeEmpty();
        }

        SimulatedCloud Cloud(string profile, long seed) => new(new Scenario(seed, CloudProfiles.Find(profile)!, []), clock);
    }
}
