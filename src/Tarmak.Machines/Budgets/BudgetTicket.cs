namespace Tarmak.Machines.Budgets;

/// <summary>Somebody's place in a queue for calls.</summary>
/// <param name="Holder">The process that waits; all it waits for goes with it.</param>
/// <param name="Number">Its number with that process.</param>
public readonly record struct BudgetTicket(string Holder, long Number);
