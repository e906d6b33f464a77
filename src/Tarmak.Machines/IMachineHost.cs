using System.Collections.Immutable;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Machines;

/// <summary>
/// What a machine needs from whatever runs it. There are two hosts: a grain, and the deterministic simulator.
/// </summary>
public interface IMachineHost
{
    /// <summary>Writes state, inventory row and events in one transaction, if nobody else wrote since the last commit or load.</summary>
    /// <param name="state">The next state.</param>
    /// <param name="events">Events that belong to it.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>A task.</returns>
    Task CommitAsync(MachineState state, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken);

    /// <summary>Starts a call and returns; its end comes back as an input.</summary>
    /// <param name="effect">The call.</param>
    void Start(Effect effect);

    /// <summary>Tells the parent. May be lost.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="status">The report.</param>
    void Report(ParentLink parent, ChildStatus status);

    /// <summary>Asks to be woken; replaces the earlier wish. Null: no wish.</summary>
    /// <param name="at">When.</param>
    void WakeAt(DateTimeOffset? at);

    /// <summary>Takes a call from the budget of its account, if one is left; yes means that the call follows with <see cref="Start"/>.</summary>
    /// <param name="ask">The call.</param>
    /// <returns>Whether it may be made now.</returns>
    bool Admit(CallAsk ask) => true;

    /// <summary>
    /// Waits for a call to be left; replaces the earlier wish, and one that is the same keeps its place. When it is,
    /// the machine gets <see cref="MachineInput.Admitted"/> and is admitted. Null: no wish.
    /// </summary>
    /// <param name="ask">The call.</param>
    void Await(CallAsk? ask)
    {
    }
}
