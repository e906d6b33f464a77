using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines;

/// <summary>
/// The machine of one object behind a capability. Every effect is an intent that is committed, then sent, then
/// resolved; what is unknown is resolved as the driver declared, never by trying blindly again.
/// </summary>
/// <param name="traits">What the drivers declare, by provider and resource kind.</param>
public sealed class ResourceMachine(Func<string, string, ResourceTraits> traits) : IMachineLogic
{
    /// <summary>A call is sent within this time of its intent's commit, or not at all.</summary>
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Transition Handle(MachineState state, MachineInput input, Moment moment)
    {
        var draft = new Draft(state, moment);
        switch (input)
        {
            case MachineInput.Apply wish:
                draft.Accept(wish);
                break;
            case MachineInput.Delete wish:
                draft.Accept(wish);
                break;
            case MachineInput.StepEnded ended when draft.Alive:
                TakeOutcome(draft, ended.Call, ended.Outcome);
                break;
            case MachineInput.Nudged when draft.Alive:
                TakeNudge(draft);
                break;
            default:
                break;
        }

        if (input is MachineInput.Apply or MachineInput.Delete && draft.IsUnchanged && state.UnheardSince is null && !moment.Busy && moment.Waits is null)
        {
            // A wish repeated is no reason to ask a step in progress earlier than it wanted.
            draft.WakeAt = moment.WakeAt;
        }

        if (draft.Alive && !moment.Busy && draft.WakeAt is null)
        {
            Decide(draft);
        }

        return draft.Finish(input);
    }

    private static void TakeNudge(Draft draft)
    {
        var ledger = draft.State.Resource!;
        if (ledger.Object is not null && ledger.Intent is null && !ledger.CheckDue)
        {
            Record(draft, ledger with { CheckDue = true });
        }
    }

    private void TakeOutcome(Draft draft, StepCall call, StepOutcome outcome)
    {
        switch (outcome)
        {
            case StepOutcome.Succeeded succeeded when call.Step == StepKind.Observe:
                TakeSight(draft, call, succeeded.Observation);
                break;
            case StepOutcome.Succeeded succeeded when call.Step == StepKind.Ensure:
                TakeObject(draft, succeeded.Observation);
                break;
            case StepOutcome.Succeeded:
            case StepOutcome.Failed { Error: ErrorClass.NotFound } when call.Step == StepKind.Delete:
                TakeAbsence(draft);
                break;
            case StepOutcome.InProgress progress:
                TakeProgress(draft, progress);
                break;
            case StepOutcome.Failed failed:
                TakeFailure(draft, call, failed);
                break;
            case StepOutcome.Unknown unknown:
                draft.BackOff(null);
                draft.Move(draft.WorkingPhase(), new Condition("OutcomeUnknown", $"The outcome of the last step is being found out: {unknown.Reason}", draft.Now));
                break;
            default:
                throw new InvalidOperationException($"{outcome} is no outcome of {call.Step}.");
        }
    }

    private void TakeSight(Draft draft, StepCall call, Observation sight)
    {
        if (sight.Exists)
        {
            TakePresence(draft, call, sight);
            return;
        }

        var ledger = draft.State.Resource!;
        var visibleAt = ledger.Object is { } recorded ? recorded.Since + Traits(draft).VisibilityBound : DateTimeOffset.MinValue;
        var provenAt = ledger.UnsureUntil is { } until && until > visibleAt ? until : visibleAt;
        if (draft.Now < provenAt)
        {
            draft.State = draft.State with { NextAttemptAt = provenAt };
            return;
        }

        if (ledger.Object is { } lost && !draft.State.Desired!.Deleting)
        {
            draft.Tell(true, "Lost", $"{lost.ObjectId} is gone without having been deleted here; it is made again.");
            draft.Move(draft.WorkingPhase(), new Condition("Lost", "The object is gone; it is being made again.", draft.Now));
        }

        // Nothing of this incarnation is there or can come any more; the next one's token has no past.
        Record(draft, ledger with
        {
            Object = null,
            Gone = Gone(draft, ledger),
            Intent = null,
            CheckDue = false,
            Doubt = false,
            UnsureUntil = null,
            RecheckAt = null,
            Incarnation = ledger.Incarnation + 1,
        });
        draft.State = draft.State with { Attempts = ledger.Intent is { Ended: true } ? draft.State.Attempts : 0, NextAttemptAt = null };
    }

    /// <summary>What is seen is measured by what the look asked for; the declaration may have changed since.</summary>
    private void TakePresence(Draft draft, StepCall call, Observation sight)
    {
        var ledger = draft.State.Resource!;
        if (ledger.Gone is { } gone && gone.ObjectId == sight.ObjectId && gone.ObjectId != ledger.Object?.ObjectId && draft.Now < gone.ShownUntil)
        {
            draft.State = draft.State with { NextAttemptAt = gone.ShownUntil };
            return;
        }

        var same = ledger.Object is { } present && present.ObjectId == sight.ObjectId ? ledger.Object : null;
        var known = same is not null && ledger.Intent is null
            ? same
            : new ResourceObject(sight.ObjectId!, true, call.Parameters, SpecText.Hash(call.Parameters), same?.Since ?? draft.Now);

        // A stray that nothing recorded explains: what it was made with is not known, so it cannot be compared or updated.
        var stray = ledger is { Intent: null, Object: null } && !sight.InSync
            ? new Intent(StepKind.Delete, TokenOf(draft, StepKind.Delete), known.Parameters, known.SpecHash, known.ObjectId, ledger.Incarnation, null, draft.Now)
            : null;
        Record(draft, ledger with
        {
            Object = known,
            Intent = stray,
            CheckDue = false,
            Doubt = !sight.InSync,
            UnsureUntil = ledger.UnsureUntil <= draft.Now ? null : ledger.UnsureUntil,
            RecheckAt = ledger.RecheckAt <= draft.Now ? null : ledger.RecheckAt,
        });
        draft.State = draft.State with { Outputs = sight.Outputs, Attempts = 0, NextAttemptAt = null };
        if (!sight.InSync && ledger.Intent is null && !draft.State.Desired!.Deleting)
        {
            draft.Tell(true, "Drifted", sight.Detail ?? "It differs from what was declared.");
            draft.Move(draft.WorkingPhase(), new Condition("Drifted", sight.Detail ?? "It differs from what was declared.", draft.Now));
        }
    }

    private static void TakeObject(Draft draft, Observation made)
    {
        var ledger = draft.State.Resource!;
        var intent = ledger.Intent!;
        var since = ledger.Object is { } present && present.ObjectId == made.ObjectId ? present.Since : draft.Now;
        Record(draft, ledger with
        {
            Object = new ResourceObject(made.ObjectId!, true, intent.Parameters, intent.SpecHash, since),
            Intent = null,
            Doubt = false,
            CheckDue = false,

            // What a failed creation left is this object; only an earlier copy of unknown fate may yet do something.
            UnsureUntil = ledger.RecheckAt is null ? null : ledger.UnsureUntil,
        });
        draft.State = draft.State with { Outputs = made.Outputs, Attempts = 0, NextAttemptAt = null };
    }

    private void TakeAbsence(Draft draft)
    {
        var ledger = draft.State.Resource!;
        Record(draft, ledger with { Object = null, Gone = Gone(draft, ledger), Intent = null, Doubt = false, CheckDue = false, RecheckAt = null, Incarnation = ledger.Incarnation + 1 });
        draft.State = draft.State with { Attempts = 0, NextAttemptAt = null };
    }

    private static void TakeProgress(Draft draft, StepOutcome.InProgress progress)
    {
        var ledger = draft.State.Resource!;
        if (ledger.Intent is { } intent && intent.Handle != progress.Handle)
        {
            Record(draft, ledger with { Intent = intent with { Handle = progress.Handle } });
        }

        draft.Move(draft.WorkingPhase(), new Condition("InProgress", progress.Detail, draft.Now));
        draft.WakeAt = draft.Now + progress.PollAfter;
    }

    private void TakeFailure(Draft draft, StepCall call, StepOutcome.Failed failed)
    {
        var ledger = draft.State.Resource!;
        if (ledger.Intent is { } intent && intent.Step == call.Step)
        {
            Record(draft, call.Step == StepKind.Ensure ? GiveUp(draft, ledger, intent) : ledger with { Intent = null });
            if (call.Step == StepKind.Ensure && failed.Error == ErrorClass.NotFound)
            {
                // The object it was about has vanished: only a look tells, and lets the next incarnation be made.
                Record(draft, draft.State.Resource! with { CheckDue = true });
            }
        }

        draft.BackOff(failed.Error);
        var condition = new Condition(failed.Error.ToString(), failed.Message, draft.Now);
        if (draft.State.Condition?.Message != failed.Message)
        {
            draft.Tell(true, failed.Error.ToString(), failed.Message);
        }

        draft.Move(RetryPolicy.OwnerMustAct(failed.Error) ? Phase.Blocked : draft.WorkingPhase(), condition);
    }

    private void Decide(Draft draft)
    {
        var state = draft.State;
        if (state.NextAttemptAt is { } next && next > draft.Now)
        {
            draft.WakeAt = next;
            return;
        }

        var ledger = state.Resource!;
        var desired = state.Desired!;
        if (ledger.Intent is { Step: StepKind.Ensure, Handle: not null } begun && (desired.Deleting || begun.SpecHash != desired.SpecHash))
        {
            // Nothing is in flight: the step was accepted and answered.
            ledger = GiveUp(draft, ledger, begun);
            Record(draft, ledger);
        }

        if (desired.Deleting && Traits(draft).Shared)
        {
            // Whatever is there, or may yet come of a call cut off, is not this machine's to remove.
            Record(draft, ledger with { Object = null, Intent = null, Doubt = false, CheckDue = false, UnsureUntil = null, RecheckAt = null });
            draft.Bury();
        }
        else if (ledger.Intent is { } intent)
        {
            Resolve(draft, intent);
        }
        else if (desired.Deleting)
        {
            Dispose(draft, ledger, desired);
        }
        else if (ledger.CheckDue || ledger is { Object: null, UnsureUntil: not null })
        {
            Look(draft);
        }
        else if (ledger.Object is not { } present)
        {
            Intend(draft, StepKind.Ensure, desired.Spec, desired.SpecHash, null);
        }
        else if (present.SpecHash != desired.SpecHash)
        {
            Change(draft, ledger, present, desired);
        }
        else if (ledger.Doubt)
        {
            Intend(draft, StepKind.Ensure, desired.Spec, desired.SpecHash, present.ObjectId);
        }
        else if (ledger.RecheckAt <= draft.Now)
        {
            Record(draft, ledger with { CheckDue = true });
            Look(draft);
        }
        else
        {
            draft.Settle();
            draft.WakeAt = ledger.RecheckAt;
        }
    }

    /// <summary>An ensure that ended without an object: of a creation the intent stays, of an update a doubt.</summary>
    private ResourceLedger GiveUp(Draft draft, ResourceLedger ledger, Intent intent) => intent.ObjectId is null
        ? ledger with
        {
            Intent = intent with { Handle = null, Ended = true },
            UnsureUntil = Later(ledger.UnsureUntil, draft.Now + Traits(draft).VisibilityBound),
        }
        : ledger with { Intent = null, Doubt = true };

    private void Resolve(Draft draft, Intent intent)
    {
        var ledger = draft.State.Resource!;
        var desired = draft.State.Desired!;
        if (intent.Step == StepKind.Delete || intent.Handle is not null)
        {
            if (!MayCall(draft, intent.Step, intent.Handle))
            {
                return;
            }

            Send(draft, intent.Step, intent.Parameters, intent.Token, intent.ObjectId, intent.Incarnation, intent.Handle);
            return;
        }

        if (!intent.Ended)
        {
            // It may be on its way still. What is concluded from looking, or done beside it, holds only after that.
            var surelyOver = intent.WrittenAt + StartDeadline + Traits(draft).CallDeadline + Traits(draft).VisibilityBound;
            ledger = ledger with
            {
                RecheckAt = Later(ledger.RecheckAt, surelyOver),
                UnsureUntil = intent.ObjectId is null ? Later(ledger.UnsureUntil, surelyOver) : ledger.UnsureUntil,
            };
            Record(draft, ledger);
        }

        var again = !desired.Deleting && Traits(draft).EnsureResolution != UnknownResolution.Read
            && (!intent.Ended || (intent.SpecHash == desired.SpecHash && !ledger.CheckDue));
        if (!again)
        {
            Look(draft);
            return;
        }

        if (!MayCall(draft, intent.Step, null))
        {
            return;
        }

        Record(draft, ledger with { Intent = intent with { WrittenAt = draft.Now, Ended = false } });
        Send(draft, intent.Step, intent.Parameters, intent.Token, intent.ObjectId, intent.Incarnation, null);
    }

    private void Dispose(Draft draft, ResourceLedger ledger, Desired desired)
    {
        if (ledger.Object is { } present)
        {
            if (!present.Created)
            {
                Record(draft, ledger with { Object = null, Doubt = false, CheckDue = false });
                draft.Bury();
            }
            else if (Traits(draft).HoldsData && !desired.DataLossConsent)
            {
                draft.Move(Phase.Blocked, NeedsConsent(draft));
            }
            else
            {
                Intend(draft, StepKind.Delete, present.Parameters, present.SpecHash, present.ObjectId);
            }
        }
        else if (ledger.Doubt || ledger.UnsureUntil is not null)
        {
            Look(draft);
        }
        else
        {
            draft.Bury();
        }
    }

    private void Change(Draft draft, ResourceLedger ledger, ResourceObject present, Desired desired)
    {
        var effect = Traits(draft).Compare(present.Parameters, desired.Spec);
        switch (effect)
        {
            case ChangeEffect.None:
                Record(draft, ledger with { Object = present with { Parameters = desired.Spec, SpecHash = desired.SpecHash } });
                Decide(draft);
                break;
            case ChangeEffect.Update:
                Intend(draft, StepKind.Ensure, desired.Spec, desired.SpecHash, present.ObjectId);
                break;
            case ChangeEffect.Replace when Traits(draft).HoldsData && !desired.DataLossConsent:
                draft.Move(Phase.Blocked, NeedsConsent(draft));
                break;
            case ChangeEffect.Replace when MayCall(draft, StepKind.Delete, null):
                draft.Tell(false, "Replacing", $"The change cannot be made in place; {present.ObjectId} is replaced.");
                Write(draft, StepKind.Delete, present.Parameters, present.SpecHash, present.ObjectId);
                break;
            case ChangeEffect.Replace:
                break;
            default:
                throw new InvalidOperationException($"{effect} is no effect of a change.");
        }
    }

    private void Intend(Draft draft, StepKind step, string parameters, string hash, string? objectId)
    {
        if (MayCall(draft, step, null))
        {
            Write(draft, step, parameters, hash, objectId);
        }
    }

    private static void Write(Draft draft, StepKind step, string parameters, string hash, string? objectId)
    {
        var ledger = draft.State.Resource!;
        var token = TokenOf(draft, step);
        var intent = new Intent(step, token, parameters, hash, objectId, ledger.Incarnation, null, draft.Now);
        Record(draft, ledger with { Intent = intent });
        Send(draft, step, parameters, token, objectId, ledger.Incarnation, null);
    }

    private void Look(Draft draft)
    {
        var ledger = draft.State.Resource!;
        var parameters = ledger.Intent?.Parameters ?? ledger.Object?.Parameters ?? draft.State.Desired!.Spec;

        // What serves whoever asks for the same looks the same to whoever looks.
        var sharedAs = Traits(draft).Shared ? $"{ledger.Object?.ObjectId} {SpecText.Hash(parameters)}" : null;
        if (!MayCall(draft, StepKind.Observe, null, sharedAs))
        {
            return;
        }

        Send(draft, StepKind.Observe, parameters, $"{draft.State.Uid}.observe.{ledger.Incarnation}", ledger.Object?.ObjectId, ledger.Incarnation, null);
    }

    /// <summary>
    /// Whether the account's budget allows a call now. If not, nothing of it is recorded: the machine waits, and decides
    /// anew when it may, so that no intent grows old in a queue.
    /// </summary>
    private static bool MayCall(Draft draft, StepKind step, string? handle, string? sharedAs = null)
    {
        var state = draft.State;
        var isCheck = step == StepKind.Observe && state.Phase == Phase.Ready;
        var ask = new CallAsk(
            state.Resource!.Provider, state.Address.ResourceKind!, step == StepKind.Observe || (step == StepKind.Ensure && handle is not null),
            isCheck ? CallClass.Check : draft.WorkingPhase() == Phase.Degraded ? CallClass.Repair : CallClass.Create, state.Address.Environment)
        {
            SharedAs = sharedAs,
        };
        if (draft.Moment.Admits(ask))
        {
            return true;
        }

        draft.Wait(ask, tell: !isCheck && handle is null);
        return false;
    }

    private static void Send(Draft draft, StepKind step, string parameters, string token, string? objectId, int incarnation, string? handle)
    {
        var state = draft.State;
        if (step != StepKind.Observe && state.Phase != Phase.Blocked && !(state.Condition is { } c && c.Reason is "InProgress" or "Drifted" or "Lost"))
        {
            draft.Move(draft.WorkingPhase(), state is { Attempts: > 0, Condition.Reason: not Condition.BudgetSpent } ? state.Condition : null);
        }

        draft.Effect = new Effect.Drive(new StepCall
        {
            CallId = draft.Moment.NextCallId,
            Kind = state.Address.ResourceKind!,
            Provider = state.Resource!.Provider,
            Step = step,
            Owner = state.Address,
            Uid = state.Uid!,
            Incarnation = incarnation,
            Token = token,
            Parameters = parameters,
            ObjectId = objectId,
            Handle = handle,
            TraceParent = state.TraceParent,
        });
    }

    private static string TokenOf(Draft draft, StepKind step) =>
        $"{draft.State.Uid}.{(step == StepKind.Ensure ? "ensure" : "delete")}.{draft.State.Resource!.Incarnation}";

    /// <summary>The object that reads may still show although it is gone. A shared one is not gone: it may be taken up again.</summary>
    private GoneObject? Gone(Draft draft, ResourceLedger ledger) =>
        Traits(draft).Shared ? null
        : ledger.Object is { } lost ? new GoneObject(lost.ObjectId, draft.Now + Traits(draft).VisibilityBound)
        : ledger.Gone;

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;

    private ResourceTraits Traits(Draft draft) => traits(draft.State.Resource!.Provider, draft.State.Address.ResourceKind!);

    private static Condition NeedsConsent(Draft draft)
    {
        var address = draft.State.Address;
        var named = address.Cluster is null ? address.Key : "naming its pool";
        return new Condition(
            Condition.ConsentNeeded, $"{address.Shown} holds data; repeat the command with --allow-data-loss {named} to let it go.", draft.Now);
    }

    private static void Record(Draft draft, ResourceLedger ledger) => draft.State = draft.State with { Resource = ledger };
}
