using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Rehearsals;

/// <summary>A small fleet on a proportionally small account: a twentieth of what <c>Tarmak.Benchmarks budget</c> measures.</summary>
public sealed class FleetBudgetTests
{
    private const int Clusters = 10;
    private const int PerEnvironment = 2;
    private static readonly CloudProfile Small = FleetRehearsal.Part(CloudProfiles.Ec2Like, Clusters / 200.0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fleet_OnItsAccountsBudget_IsReadyInLittleMoreThanItsCallsNeed_AndIsHardlyRefused(int seed)
    {
        var criticalPath = FleetRehearsal.Run(Clusters, PerEnvironment, FleetRehearsal.Unlimited(CloudProfiles.Ec2Like), budgeted: false, seed).Makespan;

        var fleet = FleetRehearsal.Run(Clusters, PerEnvironment, Small, budgeted: true, seed);

        fleet.ReadyClusters.Should().Be(Clusters);
        fleet.RefusedShare.Should().BeLessThan(0.01, fleet.ToString());
        fleet.Over(criticalPath).Should().BeLessThanOrEqualTo(1.15, $"{fleet}; critical path {criticalPath}");
    }

    [Fact]
    public void Fleet_RunTwice_IsTheSame()
    {
        FleetRehearsal.Run(4, 2, Small, budgeted: true).Should().Be(FleetRehearsal.Run(4, 2, Small, budgeted: true));
    }
}
