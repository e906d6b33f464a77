namespace Tarmak.Machines.Budgets;

/// <summary>How urgent a call is. Of two that wait, the one of the lower class goes first.</summary>
public enum CallClass
{
    /// <summary>What was in force is not, and is brought back.</summary>
    Repair,

    /// <summary>Something is made, changed or removed.</summary>
    Create,

    /// <summary>A look whether all is as it was. Whoever waits for one long enough counts as <see cref="Create"/>.</summary>
    Check,
}
