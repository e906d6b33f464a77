using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.Planning;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Simulation;

/// <summary>
/// The second host of machines: a world of its own in virtual time, on one thread, the same for the same seed. Any
/// number of machines run on one durable store against one model cloud, and whatever can go wrong between a commit
/// and the next does, by chance or at a chosen point.
/// </summary>
public sealed class SimulatedWorld
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly Random random;
    private readonly SimulationFaults faults;
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> queue = new();
    private readonly Dictionary<MachineKind, IMachineLogic> logics = [];
    private readonly Dictionary<MachineAddress, StoredMachine> store = [];
    private readonly Dictionary<MachineAddress, List<SimulatedActivation>> activations = [];
    private readonly Dictionary<long, DeathScope> deaths = [];
    private readonly HashSet<MachineAddress> reminders = [];
    private readonly List<string> trace = [];
    private readonly List<string> violations = [];
    private long order;
    private int lastActivation;
    private int lastUid;
    private int process;
    private int thread;
    private DateTimeOffset downUntil = DateTimeOffset.MinValue;

    /// <summary>Makes a world. Capabilities run on <see cref="ResourceMachine"/> against <see cref="Cloud"/> unless told otherwise.</summary>
    /// <param name="seed">Everything that happens follows from it.</param>
    /// <param name="faults">What goes wrong by chance; null: nothing.</param>
    public SimulatedWorld(int seed, SimulationFaults? faults = null)
    {
        Seed = seed;
        Clock = new SimulatedClock(After);
        random = new Random(seed);
        this.faults = faults ?? SimulationFaults.None;
        Cloud = new SimulatedCloud(this, this.faults);
        Use(MachineKind.Capability, new ResourceMachine(Cloud.TraitsOf));
    }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>The clock.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>The accounts' budgets; null where calls are made without.</summary>
    public SimulatedBudgets? Budgets { get; private set; }

    /// <summary>Makes calls in place of <see cref="Cloud"/>; an answer of null leaves a call to it. What waits in there waits on <see cref="Clock"/>.</summary>
    public Func<StepCall, Task<StepOutcome>?>? Drivers { get; set; }

    /// <summary>The cloud.</summary>
    public SimulatedCloud Cloud { get; }

    /// <summary>Points passed at which something could have died: before and after each commit, before and after each call.</summary>
    public long Points { get; private set; }

    /// <summary>Commits made.</summary>
    public long Commits { get; private set; }

    /// <summary>Calls to the cloud and rounds of messages to children that were started.</summary>
    public long Calls { get; private set; }

    /// <summary>Everything that happened.</summary>
    public IReadOnlyList<string> Trace => trace;

    /// <summary>Whether <see cref="Trace"/> is kept. Long rehearsals may do without.</summary>
    public bool Tracing { get; set; } = true;

    /// <summary>What must never happen and did.</summary>
    public IReadOnlyList<string> Violations => violations;

    /// <summary>Everything stored.</summary>
    public IReadOnlyDictionary<MachineAddress, StoredMachine> Machines => store;

    /// <summary>Called after each commit, for rules of one's own.</summary>
    public Action<MachineState>? Committed { get; set; }

    /// <summary>Whether chance still makes things go wrong.</summary>
    public bool Hostile => Clock.Now < SimulatedClock.Beginning + faults.Until;

    /// <summary>Gives machines of a kind their decisions.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="logic">The decisions.</param>
    /// <returns>This world.</returns>
    public SimulatedWorld Use(MachineKind kind, IMachineLogic logic)
    {
        logics[kind] = logic;
        return this;
    }

    /// <summary>Gives machines of a kind a planner.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="planner">The planner.</param>
    /// <returns>This world.</returns>
    public SimulatedWorld Use(MachineKind kind, IPlanner planner) => Use(kind, new CompositeMachine(planner));

    /// <summary>Makes calls on leases of their account's budget.</summary>
    /// <param name="familyOf">Which budget a call is counted in, and what the cloud declares of it; null: it is not counted.</param>
    /// <returns>This world.</returns>
    public SimulatedWorld UseBudgets(Func<CallAsk, (string Family, CallRate? Declared)?> familyOf)
    {
        Budgets = new SimulatedBudgets(this, familyOf);
        return this;
    }

    /// <summary>Something dies when this point is reached.</summary>
    /// <param name="point">Number of the point, from 0; see <see cref="Points"/>.</param>
    /// <param name="scope">What dies.</param>
    /// <returns>This world.</returns>
    public SimulatedWorld DieAt(long point, DeathScope scope)
    {
        deaths[point] = scope;
        return this;
    }

    /// <summary>The state of a machine, or null if it never had one.</summary>
    /// <param name="address">The machine.</param>
    /// <returns>The state.</returns>
    public MachineState? StateOf(MachineAddress address) => store.GetValueOrDefault(address)?.State;

    /// <summary>Sends an owner's wish from outside, again and again until it is stored.</summary>
    /// <param name="address">The machine.</param>
    /// <param name="uid">Its identity.</param>
    /// <param name="generation">Generation of the specification.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="provider">Of a capability: its provider.</param>
    public void Apply(MachineAddress address, string uid, long generation, string spec, string? provider = null) =>
        Insist(
            address,
            new MachineInput.Apply(uid, null, generation, spec, provider, null),
            s => s.Uid == uid && s.Desired is { } d && (d.Deleting || d.Generation >= generation));

    /// <summary>Sends an owner's wish for deletion from outside, again and again until it is stored.</summary>
    /// <param name="address">The machine.</param>
    /// <param name="uid">Its identity.</param>
    /// <param name="dataLossConsent">Whether data may go with it.</param>
    public void Delete(MachineAddress address, string uid, bool dataLossConsent = false) =>
        Insist(
            address,
            new MachineInput.Delete(uid, dataLossConsent),
            s => s.Uid == uid && s.Desired is { Deleting: true } d && (d.DataLossConsent || !dataLossConsent));

    /// <summary>Does something at a later time.</summary>
    /// <param name="delay">From now.</param>
    /// <param name="action">What to do.</param>
    public void After(TimeSpan delay, Action action) => queue.Enqueue(action, (Clock.Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay), order++));

    /// <summary>Compares the cloud with what is recorded, as a watcher does, and nudges the machines that differ.</summary>
    public void Watch()
    {
        foreach (var machine in store.Values.Where(m => m.State.Resource?.Object is not null))
        {
            var known = machine.State.Resource!.Object!;
            if (!Cloud.IsAs(known.ObjectId, known.Parameters))
            {
                Hint(machine.State.Address, new MachineInput.Nudged());
            }
        }
    }

    /// <summary>Wakes a machine for nothing.</summary>
    /// <param name="address">The machine.</param>
    public void Wake(MachineAddress address) => Between(TimeSpan.Zero, () => Deliver(address, new MachineInput.Woken()));

    /// <summary>Nudges a machine; the nudge may be lost.</summary>
    /// <param name="address">The machine.</param>
    public void Nudge(MachineAddress address) => Hint(address, new MachineInput.Nudged());

    /// <summary>Ends the process; it is started again after a moment.</summary>
    public void KillProcess()
    {
        Say("the process dies");
        process++;
        foreach (var activation in activations.Values.SelectMany(a => a))
        {
            activation.Die();
        }

        activations.Clear();
        downUntil = Clock.Now + RestartDelay;
        After(RestartDelay, () =>
        {
            foreach (var machine in store.Values.Where(m => !m.State.AtRest).Select(m => m.State.Address).ToList())
            {
                Between(Delay(0, 1000), () => Deliver(machine, new MachineInput.Woken()));
            }
        });
    }

    /// <summary>Runs until a condition holds or nothing is left to happen.</summary>
    /// <param name="condition">The condition; null: until nothing is left to happen.</param>
    /// <param name="within">Longest virtual time from now.</param>
    /// <param name="events">Most events.</param>
    /// <exception cref="SimulationFailedException">Time or events ran out, a machine threw, or a rule was broken.</exception>
    public void Run(Func<bool>? condition = null, TimeSpan? within = null, int events = 2_000_000)
    {
        var end = Clock.Now + (within ?? TimeSpan.FromDays(1));

        // Drivers that waited go on within the event that ends their wait, if nothing else is there to go on in.
        SynchronizationContext.SetSynchronizationContext(null);
        thread = Environment.CurrentManagedThreadId;
        while (condition?.Invoke() != true && queue.TryDequeue(out var action, out var key))
        {
            if (key.At > end || events-- == 0)
            {
                queue.Enqueue(action, key);
                throw Failure($"The world is not quiet: {queue.Count} events are left.");
            }

            Clock.AdvanceTo(key.At);
            try
            {
                action();
            }
            catch (Exception e) when (e is not SimulationFailedException)
            {
                // A machine that throws is a bug of the machine; the seed and the trace are what its author needs.
                throw Failure($"A machine threw: {e.Message}", e);
            }

            if (violations.Count > 0)
            {
                throw Failure(violations[0]);
            }
        }
    }

    /// <summary>Lets time pass, with all that happens in it.</summary>
    /// <param name="time">How much.</param>
    public void Pass(TimeSpan time)
    {
        var done = false;
        After(time, () => done = true);
        Run(() => done);
    }

    /// <summary>A failure that names the seed and shows the end of the trace.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="cause">The cause, if there is one.</param>
    /// <returns>The exception to throw.</returns>
    public SimulationFailedException Failure(string what, Exception? cause = null)
    {
        var text = new StringBuilder(what).AppendLine().Append(CultureInfo.InvariantCulture, $"Seed {Seed}, at {Clock.Now - SimulatedClock.Beginning}. The last of the trace:").AppendLine();
        foreach (var line in trace.TakeLast(120))
        {
            text.AppendLine(line);
        }

        return cause is null ? new SimulationFailedException(text.ToString()) : new SimulationFailedException(text.ToString(), cause);
    }

    internal double NextChance() => random.NextDouble();

    internal bool Chance(double chance) => chance > 0 && Hostile && random.NextDouble() < chance;

    internal TimeSpan Delay(double fromMilliseconds, double toMilliseconds) =>
        TimeSpan.FromMilliseconds(fromMilliseconds + (random.NextDouble() * (toMilliseconds - fromMilliseconds)));

    internal T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    internal string NewUid() => $"u{++lastUid}";

    internal void Say(string what)
    {
        if (Tracing)
        {
            trace.Add($"[{(Clock.Now - SimulatedClock.Beginning).TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)}] {what}");
        }
    }

    internal void Violate(string what)
    {
        Say($"VIOLATION: {what}");
        violations.Add(what);
    }

    internal void Commit(SimulatedActivation activation, MachineState state, ImmutableArray<MachineEvent> events)
    {
        Pass(activation, "before commit");
        var present = store.GetValueOrDefault(activation.Address);
        if ((present?.ETag ?? 0) != activation.ETag)
        {
            Say($"{activation} is superseded");
            Retire(activation);
            throw new ActivationLostException();
        }

        if (present is not null && (state.Revision < present.State.Revision
            || (state.Revision == present.State.Revision && state.ToStatus() with { Unheard = false } != present.State.ToStatus() with { Unheard = false })))
        {
            Violate($"{activation} goes from revision {present.State.Revision} to {state.Revision} with another status");
        }

        var json = MachineJson.Write(state);
        var read = MachineJson.Read(json);
        activation.ETag++;
        store[activation.Address] = new StoredMachine(activation.ETag, json, read, InventoryRow.From(read));
        Commits++;
        Say($"{activation} commits {state.Phase} {state.Condition?.Reason} generation {state.Desired?.Generation}/{state.ObservedGeneration} {Ledger(state)}{string.Join(' ', events.Select(e => e.Reason))}");
        if (state.Phase == Phase.Deleted && present?.State.Phase != Phase.Deleted)
        {
            Cloud.Bury(state.Uid!);
        }

        Remind(activation.Address);
        foreach (var stale in activations.GetValueOrDefault(activation.Address)?.Where(a => a != activation) ?? [])
        {
            // Two activations of one machine are a passing state: the membership ends the older one.
            After(Delay(0, 30_000), () => Retire(stale));
        }

        Committed?.Invoke(read);
        Pass(activation, "after commit");
    }

    internal void Start(SimulatedActivation activation, Effect effect, SimulatedLease? lease)
    {
        Calls++;
        Pass(activation, "before call");
        switch (effect)
        {
            case Effect.Drive drive:
                Drive(activation, drive.Call, lease);
                break;
            case Effect.TellChildren tell:
                Tell(activation, tell);
                break;
            default:
                throw new InvalidOperationException($"{effect} is no effect.");
        }

        Pass(activation, "after call");
    }

    internal void Report(ParentLink parent, ChildStatus status)
    {
        if (store.ContainsKey(parent.Address))
        {
            Hint(parent.Address, new MachineInput.ChildReported(status));
        }
    }

    internal void WakeLater(SimulatedActivation activation, DateTimeOffset at, int wish) => After(at - Clock.Now, () =>
    {
        if (!activation.Dead && activation.Wish == wish)
        {
            Handle(activation, new MachineInput.Woken());
        }
    });

    private static string Ledger(MachineState state) => state.Resource is { } r
        ? $"[{r.Object?.ObjectId ?? "-"} i{r.Incarnation} {(r.Intent is { } n ? $"{n.Step} {n.Handle}" : "")}{(r.Doubt ? " doubt" : "")}{(r.CheckDue ? " check" : "")}] "
        : $"[{string.Join(' ', state.Children.Select(c => $"{c.Key}:{c.Value.Uid}.{c.Value.Generation}{(c.Value.Deleting ? "-" : "")}{c.Value.Status?.Phase}"))}] ";

    private void Pass(SimulatedActivation activation, string where)
    {
        var point = Points++;
        var scope = deaths.TryGetValue(point, out var planned) ? planned
            : Chance(faults.Death) ? DeathScope.Activation
            : Chance(faults.ProcessDeath) ? DeathScope.Process
            : (DeathScope?)null;
        if (scope is null)
        {
            return;
        }

        Say($"{activation} dies {where} (point {point})");
        if (scope == DeathScope.Process)
        {
            KillProcess();
        }
        else
        {
            Retire(activation);
        }

        throw new ActivationLostException();
    }

    private void Retire(SimulatedActivation activation)
    {
        if (activation.Dead)
        {
            return;
        }

        activation.Die();
        if (activations.TryGetValue(activation.Address, out var living))
        {
            living.Remove(activation);
        }

        Between(RestartDelay, () =>
        {
            if (StateOf(activation.Address) is { AtRest: false } && activations.GetValueOrDefault(activation.Address) is not { Count: > 0 })
            {
                Deliver(activation.Address, new MachineInput.Woken());
            }
        });
    }

    /// <summary>A reminder is durable: it wakes whatever is not at rest, whoever died.</summary>
    private void Remind(MachineAddress address)
    {
        if (StateOf(address) is not { AtRest: false } || !reminders.Add(address))
        {
            return;
        }

        After(ReminderPeriod, () =>
        {
            reminders.Remove(address);
            if (StateOf(address) is { AtRest: false })
            {
                Deliver(address, new MachineInput.Woken());
                Remind(address);
            }
        });
    }

    /// <summary>Something that lives in the process and ends with it.</summary>
    private void Between(TimeSpan delay, Action action)
    {
        var born = process;
        After(delay, () =>
        {
            if (born == process)
            {
                action();
            }
        });
    }

    private void Insist(MachineAddress address, MachineInput input, Func<MachineState, bool> stored) => After(TimeSpan.Zero, () =>
    {
        if (StateOf(address) is { } state && stored(state))
        {
            return;
        }

        Deliver(address, input);
        if (StateOf(address) is not { } now || !stored(now))
        {
            After(TimeSpan.FromSeconds(1), () => Insist(address, input, stored));
        }
    });

    private void Hint(MachineAddress address, MachineInput input)
    {
        if (!Chance(faults.HintLoss))
        {
            Between(Delay(1, 500), () => Deliver(address, input));
        }

        if (Chance(faults.HintDuplication))
        {
            Between(Delay(1, 5000), () => Deliver(address, input));
        }
    }

    private ChildStatus? Deliver(MachineAddress address, MachineInput? input)
    {
        if (Clock.Now < downUntil)
        {
            return null;
        }

        if (!activations.TryGetValue(address, out var living))
        {
            activations[address] = living = [];
        }

        if (living.Count == 0 || Chance(faults.DuplicateActivation))
        {
            Activate(address, living);
        }

        if (living.Count == 0)
        {
            return null;
        }

        var activation = Pick(living);
        if (input is null)
        {
            return activation.Runtime.State.ToStatus();
        }

        if (Chance(faults.NeedlessWake))
        {
            Between(Delay(0, 2000), () => Deliver(address, new MachineInput.Woken()));
        }

        return Handle(activation, input);
    }

    private void Activate(MachineAddress address, List<SimulatedActivation> living)
    {
        var stored = store.GetValueOrDefault(address);
        var state = stored is null ? new MachineState { Address = address } : MachineJson.Read(stored.Json);
        var logic = logics.TryGetValue(address.Kind, out var known)
            ? known
            : throw new InvalidOperationException($"This world has no decisions for a machine of kind {address.Kind}.");
        var activation = new SimulatedActivation(this, address, ++lastActivation, state, stored?.ETag ?? 0, logic);
        living.Add(activation);
        if (stored is not null)
        {
            Handle(activation, new MachineInput.Woken());
        }
    }

    internal ChildStatus? Handle(SimulatedActivation activation, MachineInput input)
    {
        try
        {
            var task = activation.Runtime.HandleAsync(input, CancellationToken.None);
            return task.IsCompleted
                ? task.GetAwaiter().GetResult()
                : throw new InvalidOperationException("The simulated host completes everything at once, and yet the runtime waits.");
        }
        catch (ActivationLostException)
        {
            // Whoever waits for the answer gets none, as after a real death.
            return null;
        }
    }

    private void Drive(SimulatedActivation activation, StepCall call, SimulatedLease? lease)
    {
        var traits = Cloud.TraitsOf(call.Provider, call.Kind);
        var decided = Clock.Now;
        var stalled = Chance(faults.Stall) ? Delay(0, ResourceMachine.StartDeadline.TotalMilliseconds * 1.5) : TimeSpan.Zero;
        After(stalled, () =>
        {
            if (Clock.Now - decided > ResourceMachine.StartDeadline)
            {
                End(activation, call, new StepOutcome.Unknown("the start deadline passed"));
                return;
            }

            var answered = false;
            Say($"{activation} calls {call.Step} {call.ObjectId} {call.Handle} {call.Parameters}");
            Make(call, lease, outcome =>
            {
                if (!answered)
                {
                    answered = true;
                    End(activation, call, outcome);
                }
            });
            After(traits.CallDeadline, () =>
            {
                if (!answered)
                {
                    answered = true;
                    End(activation, call, new StepOutcome.Unknown("no reply within the deadline"));
                }
            });
        });
    }

    private void Make(StepCall call, SimulatedLease? lease, Action<StepOutcome> reply)
    {
        if (lease is null)
        {
            Send(call, reply);
        }
        else
        {
            lease.Budgets.Make(lease, answer => Send(call, answer), reply);
        }
    }

    private void Send(StepCall call, Action<StepOutcome> reply)
    {
        if (Drivers?.Invoke(call) is not { } driven)
        {
            Cloud.Send(call, reply);
        }
        else if (driven.IsCompleted)
        {
            reply(driven.GetAwaiter().GetResult());
        }
        else
        {
            driven.ConfigureAwait(false).GetAwaiter().OnCompleted(() =>
            {
                if (Environment.CurrentManagedThreadId != thread)
                {
                    throw new InvalidOperationException($"A driver's call of {call.Owner} went on outside of the world; it waits on another clock, or not with ConfigureAwait(false).");
                }

                reply(driven.GetAwaiter().GetResult());
            });
        }
    }

    private void End(SimulatedActivation activation, StepCall call, StepOutcome outcome)
    {
        if (activation.Dead)
        {
            return;
        }

        Say($"{activation} hears {outcome}");
        activation.Ended();
        Handle(activation, new MachineInput.StepEnded(call, outcome));
    }

    private void Tell(SimulatedActivation activation, Effect.TellChildren tell)
    {
        var answers = new List<ChildStatus>();
        var missing = tell.Commands.Length;
        var done = false;
        void Finish()
        {
            if (!done && !activation.Dead)
            {
                done = true;
                activation.Ended();
                Handle(activation, new MachineInput.ChildrenAnswered(tell.CallId, [.. answers]));
            }
        }

        foreach (var command in tell.Commands)
        {
            Say($"{activation} tells {command.Child.Key} {command.Input?.ToString() ?? "(asks)"}");
            if (Chance(faults.CommandDuplication))
            {
                // It was sent by a process, but queues and other processes carry it on.
                After(Delay(0, faults.LateBy.TotalMilliseconds), () => Deliver(command.Child, command.Input));
            }

            if (Chance(faults.CommandLoss))
            {
                continue;
            }

            Between(Delay(1, 200), () =>
            {
                var status = Deliver(command.Child, command.Input);
                if (status is null || Chance(faults.AnswerLoss))
                {
                    return;
                }

                Between(Delay(1, 200), () =>
                {
                    answers.Add(status);
                    if (--missing == 0)
                    {
                        Finish();
                    }
                });
            });
        }

        After(CommandDeadline, Finish);
    }
}
