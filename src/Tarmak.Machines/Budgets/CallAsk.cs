namespace Tarmak.Machines.Budgets;

/// <summary>A call that somebody wants to make: what a budget decides by. Two equal ones of one machine are the same wish.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Kind">The resource kind; empty: a page of a list.</param>
/// <param name="Reads">Whether it only looks.</param>
/// <param name="Class">How urgent it is.</param>
/// <param name="Environment">For whom; empty: for nobody in particular.</param>
public sealed record CallAsk(string Provider, string Kind, bool Reads, CallClass Class, string Environment)
{
    /// <summary>What tells a look that answers others as well; null: it is of one's own.</summary>
    public string? SharedAs { get; init; }

    /// <summary>Whether a lease for this serves another wish: a call to the same place, however urgent it has become.</summary>
    /// <param name="other">The other wish.</param>
    /// <returns>Whether it does.</returns>
    public bool Serves(CallAsk other) => other is not null && this with { Class = other.Class, Environment = other.Environment } == other;
}
