using System.Collections.Immutable;

namespace Tarmak.Machines.Budgets;

/// <summary>A lease: one call may be made now. Several tickets on one lease wanted the same look and share its answer.</summary>
/// <param name="Lease">Number of the lease.</param>
/// <param name="Tickets">Who has it; all of one holder.</param>
public sealed record BudgetGrant(long Lease, ImmutableArray<BudgetTicket> Tickets);
