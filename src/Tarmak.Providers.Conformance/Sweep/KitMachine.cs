using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Checks;

namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>
/// An object kept by the engine's own machine on a host of the kit's. It dies where it is told to, and the driver of another
/// opening of the provider goes on from what was committed.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
internal sealed class KitMachine<TSpec>
    where TSpec : class
{
    private const string Provider = "conformance";

    private readonly Specimen<TSpec> one;
    private readonly Func<Specimen<TSpec>> again;
    private readonly string kind;
    private readonly TSpec spec;
    private readonly KitDisk disk;
    private readonly KitClock clock;
    private readonly HashSet<(int Incarnation, string ObjectId)> made = [];
    private Specimen<TSpec> present;

    /// <summary>Makes a machine that keeps nothing yet.</summary>
    /// <param name="time">The clock of the account.</param>
    /// <param name="one">The object.</param>
    /// <param name="again">The same object by the driver of another opening.</param>
    /// <param name="kind">The resource kind.</param>
    /// <param name="spec">Its specification.</param>
    public KitMachine(TimeProvider time, Specimen<TSpec> one, Func<Specimen<TSpec>> again, string kind, TSpec spec)
    {
        (this.one, this.again, this.kind, this.spec) = (one, again, kind, spec);
        present = one;
        clock = new KitClock(time);
        disk = new KitDisk(new MachineAddress(MachineKind.Capability, one.Call.Marks.Owner));
    }

    /// <summary>Makes looks as late as the driver declares; null: they tell what the driver tells.</summary>
    public StaleLooks? Looks { get; init; }

    /// <summary>What was committed last.</summary>
    public MachineState State => disk.Read();

    /// <summary>Every object an ensure told of, also where the reply was lost.</summary>
    public IReadOnlyCollection<(int Incarnation, string ObjectId)> Made => made;

    /// <summary>Has the object made.</summary>
    public Task<MachineState> MakeAsync(DeathPoints deaths, CancellationToken cancellationToken) => LiveAsync(
        new MachineInput.Apply(one.Call.Marks.Uid, null, 1, ResourceJson.Write(spec), Provider, null), static s => s is { Phase: Phase.Ready, AtRest: true }, deaths, cancellationToken);

    /// <summary>Tells that the object may be gone, and has another made where it is.</summary>
    public Task<MachineState> ReplaceAsync(DeathPoints deaths, CancellationToken cancellationToken)
    {
        var lost = State.Resource!.Incarnation;
        return LiveAsync(new MachineInput.Nudged(), s => s is { Phase: Phase.Ready, AtRest: true } && s.Resource!.Incarnation > lost, deaths, cancellationToken);
    }

    /// <summary>Has the object deleted.</summary>
    public Task<MachineState> DeleteAsync(DeathPoints deaths, CancellationToken cancellationToken) => LiveAsync(
        new MachineInput.Delete(one.Call.Marks.Uid, DataLossConsent: true), static s => s.Phase == Phase.Deleted, deaths, cancellationToken);

    // Whoever wishes goes on wishing until it is so: what died before it committed the wish hears it again.
    private async Task<MachineState> LiveAsync(MachineInput wish, Func<MachineState, bool> isDone, DeathPoints deaths, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var state = await new KitActivation(disk, present.Traits, clock, deaths, DriveAsync).RunAsync(wish, isDone, cancellationToken).ConfigureAwait(false);
                one.Changed();
                return state;
            }
            catch (KitDeathException)
            {
                present = again();
            }
        }
    }

    private async Task<StepOutcome> DriveAsync(StepCall step, CancellationToken cancellationToken)
    {
        if (step.Step == StepKind.Observe && Looks?.Late(step.Incarnation) is { } late)
        {
            return new StepOutcome.Succeeded(late);
        }

        Expect.That(step.Kind == kind, $"A machine of a {kind} asked for a {step.Kind}.");
        var call = one.As(Specimen<TSpec>.Rightful, step.Incarnation) with { Token = step.Token, ObjectId = step.ObjectId, Handle = step.Handle };
        var outcome = await present.StepAsync(step, call, cancellationToken).ConfigureAwait(false);
        if (step.Step != StepKind.Observe && outcome is StepOutcome.Succeeded { Observation: var seen })
        {
            Looks?.Took(step.Incarnation, seen);
            if (seen is { Exists: true, ObjectId: { } id })
            {
                made.Add((step.Incarnation, id));
            }
        }

        return outcome;
    }
}
