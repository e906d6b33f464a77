namespace Tarmak.Machines.State;

/// <summary>The condition that matters most at the moment.</summary>
/// <param name="Reason">One word in CamelCase, stable, for programs.</param>
/// <param name="Message">One sentence in plain words: what it waits for or what is wrong, and what would help.</param>
/// <param name="Since">When it came up.</param>
public sealed record Condition(string Reason, string Message, DateTimeOffset Since)
{
    /// <summary>The reason of a machine that waits for its owner's consent to lose data.</summary>
    public const string ConsentNeeded = "ConsentNeeded";

    /// <summary>The reason of a machine that waits for its turn to call its account.</summary>
    public const string BudgetSpent = "BudgetSpent";
}
