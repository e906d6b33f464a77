using Tarmak.Machines.Budgets;

namespace Tarmak.Grains.Budgets;

/// <summary>A lease as whoever makes the call has it.</summary>
/// <param name="Ask">What it is for.</param>
/// <param name="Since">When it came, as a timestamp.</param>
public sealed record CallLease(CallAsk Ask, long Since)
{
    /// <summary>The budget it is of; null: the call is counted nowhere.</summary>
    internal FamilyBudget? Budget { get; init; }

    /// <summary>Its number; null: no limit was known.</summary>
    internal long? Number { get; init; }

    /// <summary>Whether others have it as well and share the answer.</summary>
    internal bool IsShared { get; init; }
}
