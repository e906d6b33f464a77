using System.Globalization;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Simulation;

/// <summary>
/// A model of a cloud that is as awkward as its kinds declare: calls that are slow, lost, answered and lost, failed
/// before or after they took effect, reads that see the past. It watches the rules that no engine may break.
/// </summary>
public sealed class SimulatedCloud
{
    private static readonly ErrorClass[] Failures =
    [
        ErrorClass.Transient, ErrorClass.Transient, ErrorClass.Transient, ErrorClass.RateLimited, ErrorClass.ResourcesDepleted,
        ErrorClass.QuotaExceeded, ErrorClass.DependencyMissing, ErrorClass.Unauthorized,
    ];

    private readonly SimulatedWorld world;
    private readonly SimulationFaults faults;
    private readonly Dictionary<string, SimulatedKind> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedObject> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedObject> shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string ObjectId, string Parameters)> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Uid, int Incarnation), int> creations = [];
    private readonly Dictionary<string, List<SimulatedObject>> byUid = new(StringComparer.Ordinal);
    private readonly HashSet<string> buried = new(StringComparer.Ordinal);
    private int lastId;

    internal SimulatedCloud(SimulatedWorld world, SimulationFaults faults)
    {
        this.world = world;
        this.faults = faults;
    }

    /// <summary>Calls that reached the cloud.</summary>
    public long Calls { get; private set; }

    /// <summary>Objects that are there.</summary>
    public IEnumerable<SimulatedObject> Living => objects.Values.Where(o => o.Alive);

    /// <summary>Objects that serve whoever asks for the same; they stay.</summary>
    public IEnumerable<SimulatedObject> Shared => shared.Values;

    /// <summary>Creations by identity and incarnation.</summary>
    public IReadOnlyDictionary<(string Uid, int Incarnation), int> Creations => creations;

    /// <summary>Decides a call's fate before chance does; null leaves it to chance. For refusals on purpose.</summary>
    public Func<StepCall, StepOutcome?>? Refuse { get; set; }

    /// <summary>
    /// Whether deleting what another object uses is against the rules. Where changes turn dependencies round there may
    /// be no right order.
    /// </summary>
    public bool OrderMatters { get; set; } = true;

    /// <summary>Whether all there is, is here. Where drivers make some of it elsewhere, what another object stands on may be there.</summary>
    public bool HoldsAll { get; set; } = true;

    /// <summary>Offers a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>This cloud.</returns>
    public SimulatedCloud Offer(SimulatedKind kind)
    {
        kinds[kind.Traits.Kind] = kind;
        return this;
    }

    /// <summary>What the driver of a kind declares.</summary>
    /// <param name="provider">The provider; all are this cloud.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>The traits.</returns>
    public ResourceTraits TraitsOf(string provider, string kind) => kinds[kind].Traits;

    /// <summary>The living objects of a machine.</summary>
    /// <param name="uid">The machine's identity.</param>
    /// <returns>The objects.</returns>
    public IEnumerable<SimulatedObject> Of(string uid) => byUid.GetValueOrDefault(uid)?.Where(o => o.Alive) ?? [];

    /// <summary>An object vanishes without anybody having asked.</summary>
    /// <param name="objectId">The object.</param>
    public void Vanish(string objectId)
    {
        if (objects[objectId] is { Alive: true } present)
        {
            world.Say($"{objectId} vanishes");
            present.Become(world.Clock.Now, present.Parameters, false, false);
        }
    }

    /// <summary>An object is changed behind the engine's back.</summary>
    /// <param name="objectId">The object.</param>
    public void Disturb(string objectId)
    {
        if (objects[objectId] is { Alive: true } present)
        {
            world.Say($"{objectId} is disturbed");
            present.Become(world.Clock.Now, present.Parameters, true, false);
        }
    }

    /// <summary>Whether an object is there, undisturbed, with these parameters.</summary>
    /// <param name="objectId">The object.</param>
    /// <param name="parameters">The parameters.</param>
    /// <returns>True if it is.</returns>
    public bool IsAs(string objectId, string parameters) =>
        (objects.GetValueOrDefault(objectId) ?? shared.GetValueOrDefault(objectId)) is { Alive: true, Sound: true } present && present.Parameters == parameters;

    internal void Bury(string uid)
    {
        buried.Add(uid);
        if (Of(uid).FirstOrDefault() is { } left)
        {
            world.Violate($"{left.Owner} is said to be deleted and {left.Id} is still there");
        }
    }

    internal void Send(StepCall call, Action<StepOutcome> reply)
    {
        var kind = kinds[call.Kind];
        if (world.Chance(faults.CallLoss))
        {
            world.Say($"the call {call.Step} of {call.Owner.Key} is lost");
            return;
        }

        var latency = world.Chance(faults.SlowCall)
            ? world.Delay(0, kind.Traits.CallDeadline.TotalMilliseconds)
            : world.Delay(kind.Fastest.TotalMilliseconds, kind.Slowest.TotalMilliseconds);
        world.After(latency * 0.7, () =>
        {
            Calls++;
            var outcome = Refuse?.Invoke(call);
            if (outcome is null && world.Chance(faults.CallFailure))
            {
                outcome = new StepOutcome.Failed(world.Pick(Failures), $"{call.Step} of {call.Owner.Key} was refused.");
            }

            outcome ??= Act(kind, call);
            if (outcome is StepOutcome.Succeeded or StepOutcome.InProgress && call.Step != StepKind.Observe && world.Chance(faults.LateFailure))
            {
                outcome = new StepOutcome.Failed(world.Pick(Failures), $"{call.Step} of {call.Owner.Key} failed half-way.");
            }

            if (world.Chance(faults.ReplyLoss))
            {
                world.Say($"the reply to {call.Step} of {call.Owner.Key} is lost: {outcome}");
                return;
            }

            world.After(latency * 0.3, () => reply(outcome));
        });
    }

    private StepOutcome Act(SimulatedKind kind, StepCall call) => call.Step switch
    {
        _ when kind.Traits.Shared => Share(kind, call),
        StepKind.Observe => Observe(kind, call),
        StepKind.Ensure => Ensure(kind, call),
        StepKind.Delete => Delete(kind, call),
        _ => throw new InvalidOperationException($"{call.Step} is no step."),
    };

    private StepOutcome.Succeeded Observe(SimulatedKind kind, StepCall call)
    {
        var view = world.Clock.Now;
        if (world.Chance(faults.StaleRead))
        {
            view -= world.Delay(0, kind.Traits.VisibilityBound.TotalMilliseconds);
        }

        var candidates = call.ObjectId is { } id && !kind.NamedIds
            ? [objects[id]]
            : (IEnumerable<SimulatedObject>)(byUid.GetValueOrDefault(call.Uid) ?? []);
        foreach (var candidate in candidates)
        {
            var (exists, parameters, sound) = candidate.At(view);
            if (!exists)
            {
                continue;
            }

            var outputs = kind.Outputs(candidate.Id, parameters);
            return new StepOutcome.Succeeded(parameters == call.Parameters && sound
                ? Observation.Present(candidate.Id, outputs)
                : Observation.Drifted(candidate.Id, outputs, "It is not as asked."));
        }

        return new StepOutcome.Succeeded(Observation.Absent);
    }

    private StepOutcome Ensure(SimulatedKind kind, StepCall call)
    {
        if (call.Handle is { } handle)
        {
            return Answer(kind, objects[handle]);
        }

        if (call.ObjectId is { } id)
        {
            return Known(kind, call) is { Alive: true } present ? Update(kind, present, call) : Gone(id);
        }

        switch (kind.Traits.EnsureResolution)
        {
            case UnknownResolution.Replay when tokens.TryGetValue(call.Token, out var first):
                if (first.Parameters != call.Parameters)
                {
                    world.Violate($"{call.Owner} sends {call.Token} again with other parameters");
                }

                return objects[first.ObjectId] is { Alive: true } made ? Answer(kind, made) : Gone(first.ObjectId);
            case UnknownResolution.UniqueName when Living.FirstOrDefault(o => o.Owner == call.Owner) is { } named:
                if (named.Uid != call.Uid || named.Incarnation > call.Incarnation)
                {
                    return new StepOutcome.Failed(ErrorClass.Conflict, $"The name is taken by {named.Id}.");
                }

                named.Incarnation = call.Incarnation;
                return Update(kind, named, call);
            default:
                return Create(kind, call);
        }
    }

    /// <summary>Objects of a shared kind are named by what they are; whoever asks for the same has the same, and no use of it ends it.</summary>
    private StepOutcome Share(SimulatedKind kind, StepCall call)
    {
        var id = call.ObjectId ?? $"{call.Kind}-{SpecText.Hash(call.Parameters)}";
        var present = shared.GetValueOrDefault(id);
        switch (call.Step)
        {
            case StepKind.Delete:
                return Gone(id);
            case StepKind.Observe:
                return new StepOutcome.Succeeded(present is null || present.MadeAt > world.Clock.Now
                    ? Observation.Absent
                    : Observation.Present(id, kind.Outputs(id, present.Parameters)));
            default:
                var now = world.Clock.Now;
                present ??= shared[id] = new SimulatedObject(id, call.Kind, call.Owner, call.Uid, call.Incarnation, call.Parameters, now, now + kind.Making);
                return Answer(kind, present);
        }
    }

    private StepOutcome Create(SimulatedKind kind, StepCall call)
    {
        foreach (var needed in kind.References(call.Parameters).Where(r => HoldsAll && !shared.ContainsKey(r) && objects.GetValueOrDefault(r) is not { Alive: true }))
        {
            return new StepOutcome.Failed(ErrorClass.DependencyMissing, $"{needed} is not there.");
        }

        var id = kind.NamedIds ? $"{call.Kind} of {call.Owner.Key}" : $"{call.Kind}-{(++lastId).ToString(CultureInfo.InvariantCulture)}";
        if (buried.Contains(call.Uid))
        {
            world.Violate($"{call.Owner} makes {id} after {call.Uid} was deleted");
        }

        if (Living.FirstOrDefault(o => o.Owner == call.Owner) is { } other)
        {
            world.Violate($"{call.Owner} makes {id} beside {other.Id}");
        }

        var times = creations[(call.Uid, call.Incarnation)] = creations.GetValueOrDefault((call.Uid, call.Incarnation)) + 1;
        if (times > 1 && kind.Traits.EnsureResolution == UnknownResolution.Replay)
        {
            world.Violate($"{call.Owner} makes incarnation {call.Incarnation} of {call.Uid} twice");
        }

        var now = world.Clock.Now;
        var made = new SimulatedObject(id, call.Kind, call.Owner, call.Uid, call.Incarnation, call.Parameters, now, now + kind.Making);
        objects[id] = made;
        if (!byUid.TryGetValue(call.Uid, out var all))
        {
            byUid[call.Uid] = all = [];
        }

        all.Add(made);
        tokens[call.Token] = (id, call.Parameters);
        world.Say($"{id} is made for {call.Owner.Key} {call.Uid} incarnation {call.Incarnation}");
        return Answer(kind, made);
    }

    private StepOutcome Update(SimulatedKind kind, SimulatedObject present, StepCall call)
    {
        if (present.GoneAt is not null)
        {
            return new StepOutcome.Failed(ErrorClass.Transient, $"{present.Id} is being deleted.");
        }

        if (kind.Traits.Compare(present.Parameters, call.Parameters) == ChangeEffect.Replace)
        {
            world.Violate($"{call.Owner} updates {present.Id} to what it can only be replaced by");
        }

        if (present.Parameters != call.Parameters || !present.Sound)
        {
            present.Become(world.Clock.Now, call.Parameters, true, true);
        }

        return Answer(kind, present);
    }

    private StepOutcome Answer(SimulatedKind kind, SimulatedObject present) =>
        !present.Alive ? Gone(present.Id)
        : world.Clock.Now >= present.MadeAt ? new StepOutcome.Succeeded(Observation.Present(present.Id, kind.Outputs(present.Id, present.Parameters)))
        : new StepOutcome.InProgress(present.Id, TimeSpan.FromSeconds(2), $"{present.Id} is being made.");

    private StepOutcome Delete(SimulatedKind kind, StepCall call)
    {
        if (call.ObjectId is null)
        {
            world.Violate($"{call.Owner} deletes without an id");
            return new StepOutcome.Failed(ErrorClass.InvalidSpec, "No id.");
        }

        if (Known(kind, call) is not { Alive: true } present)
        {
            return call.Handle is null ? Gone(call.ObjectId) : new StepOutcome.Succeeded(Observation.Absent);
        }

        if (OrderMatters && Living.FirstOrDefault(o => o != present && kinds[o.Kind].References(o.Parameters).Contains(present.Id)) is { } user)
        {
            world.Violate($"{present.Id} is deleted while {user.Id} uses it");
        }

        if (kind.Unmaking == TimeSpan.Zero)
        {
            Unmake(present);
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        if (present.GoneAt is null)
        {
            present.GoneAt = world.Clock.Now + kind.Unmaking;
            world.After(kind.Unmaking, () => Unmake(present));
        }

        return new StepOutcome.InProgress(present.Id, TimeSpan.FromSeconds(1), $"{present.Id} is being deleted.");
    }

    private void Unmake(SimulatedObject present)
    {
        if (present.Alive)
        {
            world.Say($"{present.Id} is gone");
            present.Become(world.Clock.Now, present.Parameters, false, false);
        }
    }

    private SimulatedObject? Known(SimulatedKind kind, StepCall call)
    {
        var known = objects.GetValueOrDefault(call.ObjectId!);
        if (kind.NamedIds && known is not null && (known.Uid != call.Uid || known.Incarnation != call.Incarnation))
        {
            // The mark on the object tells another incarnation from the one that is meant.
            return null;
        }

        if (known is null || known.Uid != call.Uid)
        {
            world.Violate($"{call.Owner} names {call.ObjectId}, which is not its own");
        }

        return known;
    }

    private static StepOutcome.Failed Gone(string objectId) => new(ErrorClass.NotFound, $"{objectId} does not exist.");
}
