using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Budgets;

/// <summary>What became of a leased call.</summary>
public enum CallEnd
{
    /// <summary>It was made; the cloud counted it.</summary>
    Made,

    /// <summary>It was made, and the cloud refused it as one too many.</summary>
    Throttled,

    /// <summary>It was not made; the lease goes back unspent.</summary>
    NotSent,
}

/// <summary>Reads ends out of outcomes.</summary>
public static class CallEnds
{
    /// <summary>What an outcome tells a budget.</summary>
    /// <param name="outcome">The outcome of a step that was sent.</param>
    /// <returns>The end.</returns>
    public static CallEnd Of(StepOutcome outcome) =>
        outcome is StepOutcome.Failed { Error: ErrorClass.RateLimited } ? CallEnd.Throttled : CallEnd.Made;
}
