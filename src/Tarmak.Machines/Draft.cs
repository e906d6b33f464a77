using System.Collections.Immutable;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines;

/// <summary>A decision being made: the state as changed so far, and what is to follow. Both kinds of machine share it.</summary>
internal sealed class Draft(MachineState state, Moment moment)
{
    /// <summary>How often a parent that may not have heard is told again.</summary>
    public static readonly TimeSpan ReportAgain = TimeSpan.FromSeconds(10);

    /// <summary>Waiting for the account's budget is told once it lasts this long; most waits are over sooner.</summary>
    public static readonly TimeSpan TellWaitAfter = TimeSpan.FromSeconds(10);

    private readonly MachineState before = state;
    private readonly ImmutableArray<MachineEvent>.Builder events = ImmutableArray.CreateBuilder<MachineEvent>();

    public MachineState State { get; set; } = state;

    public Moment Moment { get; } = moment;

    public DateTimeOffset Now => Moment.Now;

    public Effect? Effect { get; set; }

    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>The call that waits for the account's budget.</summary>
    public CallAsk? Waits { get; set; }

    public bool Alive => State.Uid is not null && State.Phase != Phase.Deleted;

    /// <summary>Takes an owner's wish; older generations and foreign identities change nothing.</summary>
    public void Accept(MachineInput.Apply wish)
    {
        // A late copy of a wish for an identity that is long gone must not raise it.
        var fresh = State.Uid is null
            || (State.Uid != wish.Uid && State.Phase == Phase.Deleted && (wish.Birth == 0 || wish.Birth > State.Birth));
        if (fresh)
        {
            State = new MachineState
            {
                Address = State.Address,
                Uid = wish.Uid,
                Parent = wish.Parent,
                CreatedAt = Now,
                PhaseSince = Now,
                Revision = State.Revision,
                Birth = Math.Max(State.Birth, wish.Birth),
                Births = State.Births,
                Resource = wish.Provider is null ? null : new ResourceLedger { Provider = wish.Provider },
                TraceParent = wish.TraceParent,
                Desired = new Desired(wish.Generation, wish.Spec, SpecText.Hash(wish.Spec), false, false),
            };
            Tell(false, "Accepted", $"Generation {wish.Generation} was accepted.");
            return;
        }

        var desired = State.Desired;
        if (State.Uid != wish.Uid || desired is null || desired.Deleting || wish.Generation <= desired.Generation)
        {
            return;
        }

        State = State with
        {
            Desired = desired with { Generation = wish.Generation, Spec = wish.Spec, SpecHash = SpecText.Hash(wish.Spec) },
            TraceParent = wish.TraceParent ?? State.TraceParent,
            NextAttemptAt = null,
            Attempts = 0,
        };

        // It is not as declared until shown to be, also while a call is outstanding.
        Move(WorkingPhase(), null);
        Tell(false, "Accepted", $"Generation {wish.Generation} was accepted.");
    }

    /// <summary>Takes the wish to be deleted; consent once given stays given.</summary>
    public void Accept(MachineInput.Delete wish)
    {
        if (!Alive && State.Uid != wish.Uid)
        {
            if (wish.Birth != 0 && wish.Birth < State.Birth)
            {
                return;
            }

            // It never heard of this identity, and now never will: the tombstone meets a late wish.
            State = new MachineState
            {
                Address = State.Address,
                Uid = wish.Uid,
                CreatedAt = Now,
                PhaseSince = Now,
                Revision = State.Revision,
                Birth = Math.Max(State.Birth, wish.Birth),
                Births = State.Births,
                Phase = Phase.Deleted,
                Desired = new Desired(0, "{}", SpecText.Hash("{}"), true, wish.DataLossConsent),
            };
            return;
        }

        if (!Alive || State.Uid != wish.Uid || State.Desired is not { } desired)
        {
            return;
        }

        if (desired.Deleting && (desired.DataLossConsent || !wish.DataLossConsent))
        {
            return;
        }

        State = State with
        {
            Desired = desired with { Deleting = true, DataLossConsent = desired.DataLossConsent || wish.DataLossConsent },
            TraceParent = wish.TraceParent ?? State.TraceParent,
            NextAttemptAt = null,
            Attempts = 0,
        };
        Move(Phase.Deleting, null);
        Tell(false, "Deleting", "It is being deleted.");
    }

    /// <summary>Records an event.</summary>
    public void Tell(bool warning, string reason, string message) => events.Add(new MachineEvent(warning, reason, message));

    /// <summary>Sets phase and condition; the condition keeps its age while it stays the same.</summary>
    public void Move(Phase phase, Condition? condition)
    {
        if (condition is not null && State.Condition is { } present
            && present.Reason == condition.Reason && present.Message == condition.Message)
        {
            condition = present;
        }

        if (phase != State.Phase)
        {
            State = State with { Phase = phase, PhaseSince = Now };
        }

        if (condition != State.Condition)
        {
            State = State with { Condition = condition };
        }
    }

    /// <summary>Puts the next attempt off after a failure or an unknown outcome.</summary>
    public void BackOff(ErrorClass? error)
    {
        var attempts = State.Attempts + 1;
        State = State with { Attempts = attempts, NextAttemptAt = Now + RetryPolicy.Delay(error, attempts, Moment.Jitter) };
    }

    /// <summary>Waits until the account's budget allows a call.</summary>
    /// <param name="ask">The call.</param>
    /// <param name="tell">Whether a long wait is shown.</param>
    public void Wait(CallAsk ask, bool tell)
    {
        Waits = ask;
        var since = Moment.Waits == ask ? Moment.WaitsSince : Now;
        if (tell && Now >= since + TellWaitAfter)
        {
            Move(State.Phase, new Condition(Condition.BudgetSpent, $"The calls that provider {ask.Provider} allows are spent for the moment; it waits for its turn.", Now));
        }
        else if (tell)
        {
            WakeAt = since + TellWaitAfter;
        }
    }

    /// <summary>The machine is as declared.</summary>
    public void Settle()
    {
        if (State.Phase != Phase.Ready)
        {
            Tell(false, "Ready", $"Generation {State.Desired!.Generation} is in force.");
        }

        Move(Phase.Ready, null);
        if (!State.EverReady || State.ObservedGeneration != State.Desired!.Generation || State.Attempts != 0 || State.NextAttemptAt is not null)
        {
            State = State with
            {
                EverReady = true,
                ObservedGeneration = State.Desired!.Generation,
                Attempts = 0,
                NextAttemptAt = null,
            };
        }
    }

    /// <summary>The machine is gone; a tombstone stays.</summary>
    public void Bury()
    {
        Tell(false, "Deleted", "It is gone.");
        Move(Phase.Deleted, null);
        State = State with { Outputs = null, NextAttemptAt = null, Attempts = 0 };
    }

    /// <summary>The phase of a machine that has work to do.</summary>
    public Phase WorkingPhase() =>
        State.Desired!.Deleting ? Phase.Deleting
        : !State.EverReady ? Phase.Provisioning
        : State.Desired.Generation > State.ObservedGeneration ? Phase.Updating
        : Phase.Degraded;

    /// <summary>Whether the input was the repetition of a wish already taken.</summary>
    public bool IsUnchanged => ReferenceEquals(before, State) && events.Count == 0;

    /// <summary>Completes the decision.</summary>
    /// <param name="input">What it answers.</param>
    public Transition Finish(MachineInput input)
    {
        var seen = before.Phase != State.Phase || before.Condition != State.Condition || before.Outputs != State.Outputs
            || before.Uid != State.Uid || before.Desired != State.Desired;
        if (seen)
        {
            State = State with { Revision = State.Revision + 1 };
        }

        var heard = State.Parent is null || !Alive || State.Desired!.Deleting
            || (input is MachineInput.Apply wish && wish.Uid == State.Uid && wish.Heard >= State.UnheardSince);
        var since = heard ? null
            : State.UnheardSince ?? (seen && before.Phase == Phase.Ready && input is not MachineInput.Apply ? State.Revision : null);
        if (since != State.UnheardSince)
        {
            State = State with { UnheardSince = since };
        }

        var unheard = since is not null;
        if (unheard)
        {
            // A wish of its own comes earlier or as well; being woken early harms nothing.
            WakeAt = WakeAt < Now + ReportAgain ? WakeAt : Now + ReportAgain;
        }

        return new Transition(State, events.ToImmutable(), Effect, WakeAt, seen || (unheard && input is MachineInput.Woken)) { Waits = Waits };
    }
}
