using System.Collections.Immutable;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Conformance.Checks;

namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>One process of a machine of the kit, from its start to its rest or death.</summary>
internal sealed class KitActivation : IMachineHost
{
    /// <summary>Steps and wake-ups a life may take; what takes more goes round in circles.</summary>
    private const int MostTurns = 1000;

    private readonly KitDisk disk;
    private readonly ResourceTraits traits;
    private readonly KitClock clock;
    private readonly DeathPoints deaths;
    private readonly Func<StepCall, CancellationToken, Task<StepOutcome>> drive;
    private readonly MachineRuntime runtime;
    private StepCall? pending;
    private DateTimeOffset? wakeAt;

    /// <summary>Starts from what was committed.</summary>
    /// <param name="disk">What was committed.</param>
    /// <param name="traits">What the driver declares.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="deaths">Where it dies.</param>
    /// <param name="drive">Makes a call.</param>
    public KitActivation(KitDisk disk, ResourceTraits traits, KitClock clock, DeathPoints deaths, Func<StepCall, CancellationToken, Task<StepOutcome>> drive)
    {
        (this.disk, this.traits, this.clock, this.deaths, this.drive) = (disk, traits, clock, deaths, drive);
        runtime = new MachineRuntime(disk.Read(), new ResourceMachine((_, _) => traits), this, clock, static () => 0, static () => throw new InvalidOperationException("A resource has no children."));
    }

    /// <summary>Runs until the machine is as wished.</summary>
    /// <param name="wish">What is wished, or happened.</param>
    /// <param name="isDone">Whether it is so.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The state.</returns>
    /// <exception cref="KitDeathException">It died.</exception>
    public async Task<MachineState> RunAsync(MachineInput wish, Func<MachineState, bool> isDone, CancellationToken cancellationToken)
    {
        await runtime.HandleAsync(wish, cancellationToken).ConfigureAwait(false);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var state = runtime.State;
            if (pending is null && isDone(state))
            {
                return state;
            }

            Expect.That(state.Phase != Phase.Blocked, $"It is blocked: {state.Condition?.Reason}: {state.Condition?.Message}");
            if (pending is { } call)
            {
                pending = null;
                await runtime.HandleAsync(new MachineInput.StepEnded(call, await CallAsync(call, cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Expect.That(wakeAt is not null, $"It came to rest as {state.Phase}: {state.Condition?.Message ?? "it has nothing to say"}");
                await clock.ComeToAsync(wakeAt!.Value, RealWait(state), cancellationToken).ConfigureAwait(false);
                await runtime.HandleAsync(new MachineInput.Woken(), cancellationToken).ConfigureAwait(false);
            }
        }

        throw new CheckFailedException($"It came to no rest in {MostTurns} steps; the last it told: {runtime.State.Condition?.Message}");
    }

    /// <inheritdoc/>
    public Task CommitAsync(MachineState state, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken)
    {
        deaths.Pass($"before a commit as {state.Phase}");
        disk.Write(state);
        deaths.Pass($"after a commit as {state.Phase}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Start(Effect effect) => pending = ((Effect.Drive)effect).Call;

    /// <inheritdoc/>
    public void Report(ParentLink parent, ChildStatus status)
    {
        // It has no parent.
    }

    /// <inheritdoc/>
    public void WakeAt(DateTimeOffset? at) => wakeAt = at;

    // What goes on at the provider, and what it wants to be asked less, takes its time. Else what is waited for is a call that
    // may be under way, which the kit knows it is not, and what may not show yet.
    private TimeSpan RealWait(MachineState state) =>
        state.Attempts > 0 || state.Resource is { Intent.Handle: not null } ? TimeSpan.MaxValue : traits.VisibilityBound;

    private async Task<StepOutcome> CallAsync(StepCall call, CancellationToken cancellationToken)
    {
        deaths.Pass($"before {call.Step}", call.Handle);
        var outcome = await drive(call, cancellationToken).ConfigureAwait(false);
        deaths.Pass($"after {call.Step}, its reply lost", call.Handle);
        return outcome;
    }
}
