namespace Tarmak.Providers.Conformance;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>The demand is met.</summary>
    Passed,

    /// <summary>The demand is not met, or finding out did not end in time.</summary>
    Failed,

    /// <summary>The provider does not offer what is checked.</summary>
    NotOffered,
}

/// <summary>One check's result.</summary>
/// <param name="Check">The check.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Where it failed: what was expected and what came instead; else empty.</param>
/// <param name="Duration">How long it took.</param>
public sealed record CheckResult(ConformanceCheck Check, CheckOutcome Outcome, string Message, TimeSpan Duration);
