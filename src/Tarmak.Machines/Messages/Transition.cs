using System.Collections.Immutable;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.State;

namespace Tarmak.Machines.Messages;

/// <summary>A decision: the next state and what follows from it, to be done after the commit.</summary>
/// <param name="State">The next state.</param>
/// <param name="Events">Events to be committed with it.</param>
/// <param name="Effect">The call to start; null: none.</param>
/// <param name="WakeAt">When to come back on its own; null: not before something happens.</param>
/// <param name="Report">Whether the parent is to be told.</param>
public sealed record Transition(
    MachineState State, ImmutableArray<MachineEvent> Events, Effect? Effect, DateTimeOffset? WakeAt, bool Report)
{
    /// <summary>The call that would be made if the account's budget allowed it; replaces the earlier wish. Null: none.</summary>
    public CallAsk? Waits { get; init; }
}
