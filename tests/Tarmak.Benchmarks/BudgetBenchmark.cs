using System.Diagnostics;
using System.Globalization;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Rehearsals;

namespace Tarmak.Benchmarks;

/// <summary>Many clusters asked for at once at EC2-like limits, with and without the account's budget, in virtual time.</summary>
internal static class BudgetBenchmark
{
    private const int PerEnvironment = 10;

    public static void Run(int clusters)
    {
        var path = Measure("no limits", () => FleetRehearsal.Run(clusters, PerEnvironment, FleetRehearsal.Unlimited(CloudProfiles.Ec2Like), budgeted: false));
        var with = Measure("EC2-like limits, with the budget", () => FleetRehearsal.Run(clusters, PerEnvironment, CloudProfiles.Ec2Like, budgeted: true));
        Tell(with, path);
        var without = Measure("EC2-like limits, without", () => FleetRehearsal.Run(clusters, PerEnvironment, CloudProfiles.Ec2Like, budgeted: false));
        Tell(without, path);
    }

    private static FleetResult Measure(string what, Func<FleetResult> run)
    {
        var clock = Stopwatch.StartNew();
        var result = run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {result} (run in {clock.Elapsed.TotalSeconds:N0} s)"));
        return result;
    }

    private static void Tell(FleetResult result, FleetResult path) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  makespan {result.Over(path.Makespan):N2} of max(critical path {path.Makespan.TotalSeconds:N0} s, calls / limit {result.Needed.TotalSeconds:N0} s)"));
}
