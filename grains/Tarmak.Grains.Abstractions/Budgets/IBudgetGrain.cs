namespace Tarmak.Grains.Abstractions.Budgets;

/// <summary>
/// Keeps the budget of one account for one family of calls; key <c>account|family</c>. What it has learned lasts as long as it
/// is active: a new activation begins with what the provider's sheet declares.
/// </summary>
[Alias("tarmak.budget")]
public interface IBudgetGrain : IGrainWithStringKey
{
    /// <summary>A process tells what it waits for and what became of its leases, and hears what it was given.</summary>
    /// <param name="news">The news since the last time.</param>
    /// <returns>What was given, and when to come again.</returns>
    [Alias("sync")]
    Task<BudgetAnswer> SyncAsync(BudgetNews news);
}
