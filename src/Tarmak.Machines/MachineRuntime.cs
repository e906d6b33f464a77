using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Machines;

/// <summary>
/// Runs one machine on a host: decide, commit, then act. Inputs are handled one at a time; the caller serialises
/// them. An exception from a commit leaves the runtime useless: drop it and load the state again, and an intent
/// without an outcome is resolved then.
/// </summary>
/// <param name="state">The committed state.</param>
/// <param name="logic">The machine's decisions.</param>
/// <param name="host">The host.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Gives numbers in [0, 1).</param>
/// <param name="newUid">Makes identities.</param>
public sealed class MachineRuntime(
    MachineState state, IMachineLogic logic, IMachineHost host, TimeProvider time, Func<double> jitter, Func<string> newUid)
{
    private long lastCallId;
    private long? outstanding;
    private DateTimeOffset? wakeAt;
    private CallAsk? waits;
    private DateTimeOffset waitsSince;

    /// <summary>The committed state.</summary>
    public MachineState State { get; private set; } = state;

    /// <summary>Handles an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Ends the wait for the commit.</param>
    /// <returns>The machine's status afterwards.</returns>
    public async Task<ChildStatus> HandleAsync(MachineInput input, CancellationToken cancellationToken)
    {
        var ended = input switch
        {
            MachineInput.StepEnded step => step.Call.CallId,
            MachineInput.ChildrenAnswered answers => answers.CallId,
            _ => (long?)null,
        };
        if (ended is not null)
        {
            if (ended != outstanding)
            {
                return State.ToStatus();
            }

            outstanding = null;
        }

        var moment = new Moment(time.GetUtcNow(), outstanding is not null, lastCallId + 1, jitter(), newUid)
        {
            WakeAt = wakeAt,
            Admits = host.Admit,
            Waits = waits,
            WaitsSince = waitsSince,
        };
        var transition = logic.Handle(State, input, moment);
        if (transition.State != State || !transition.Events.IsEmpty)
        {
            await host.CommitAsync(transition.State, transition.Events, cancellationToken).ConfigureAwait(true);
            State = transition.State;
        }

        wakeAt = transition.WakeAt;
        host.WakeAt(wakeAt);
        if (waits != transition.Waits)
        {
            (waits, waitsSince) = (transition.Waits, moment.Now);
        }

        host.Await(waits);
        if (transition.Effect is { } effect)
        {
            lastCallId = effect.CallId;
            outstanding = effect.CallId;
            host.Start(effect);
        }

        if (transition.Report && State.Parent is { } parent)
        {
            host.Report(parent, State.ToStatus());
        }

        return State.ToStatus();
    }
}
