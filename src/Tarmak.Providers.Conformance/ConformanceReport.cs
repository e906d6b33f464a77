using System.Collections.Immutable;

namespace Tarmak.Providers.Conformance;

/// <summary>What a run of the kit found.</summary>
/// <param name="Provider">Name of the provider that was checked.</param>
/// <param name="Results">A result for each check, in the order of the run.</param>
public sealed record ConformanceReport(string Provider, ImmutableArray<CheckResult> Results)
{
    /// <summary>What random sequences came of.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the provider passed: something was checked, and nothing failed.</summary>
    public bool Passed => Results.Any(r => r.Outcome == CheckOutcome.Passed) && Results.All(r => r.Outcome != CheckOutcome.Failed);
}
