using System.Collections.Immutable;
using Tarmak.Machines.Messages;
using Tarmak.Machines.Planning;
using Tarmak.Machines.State;

namespace Tarmak.Machines;

/// <summary>
/// The machine of everything that has children. It keeps them as its plan says: a child starts as soon as what it
/// depends on is ready, and goes once nothing depends on it. A child is committed here before it first hears of it,
/// and told again until it answers.
/// </summary>
/// <param name="planner">Says which children there should be.</param>
public sealed class CompositeMachine(IPlanner planner) : IMachineLogic
{
    /// <summary>How often unsettled children are asked, in case their reports were lost.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

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
            case MachineInput.ChildReported report:
                TakeStatus(draft, report.Status);
                break;
            case MachineInput.ChildrenAnswered answers:
                foreach (var status in answers.Statuses)
                {
                    TakeStatus(draft, status);
                }

                break;
            default:
                break;
        }

        if (draft.Alive)
        {
            var waiting = input is MachineInput.ChildReported { Status: { Unheard: true } reported } ? reported.Address : null;
            Decide(draft, askAgain: input is MachineInput.Woken or MachineInput.Nudged, waiting);
        }

        return draft.Finish(input);
    }

    private static void TakeStatus(Draft draft, ChildStatus status)
    {
        if (!status.Address.Key.StartsWith(draft.State.Address.Key, StringComparison.Ordinal))
        {
            return;
        }

        var name = NameOf(draft.State.Address, status.Address);
        if (!draft.State.Children.TryGetValue(name, out var child)
            || child.Uid != status.Uid
            || (child.Status is { } known && known.Revision >= status.Revision))
        {
            return;
        }

        draft.State = draft.State with
        {
            Children = status.Phase == Phase.Deleted
                ? draft.State.Children.Remove(name)
                : draft.State.Children.SetItem(name, child with { Status = status with { Unheard = false } }),
        };
    }

    private void Decide(Draft draft, bool askAgain, MachineAddress? waiting)
    {
        var desired = draft.State.Desired!;
        var graph = new PlanGraph(draft.State.Address, draft.State.Uid!, draft.State.Children);
        if (!desired.Deleting)
        {
            planner.Plan(desired.Spec, graph);
        }

        if (graph.Paused)
        {
            draft.Move(Phase.Paused, new Condition("Paused", "Its manifest says paused: true; nothing is changed until that is taken back.", draft.Now));
            Answer(draft, graph, waiting);
            return;
        }

        foreach (var node in graph.Nodes)
        {
            Shed(draft, node);
        }

        // While a call is outstanding nothing new is recorded, so that what is recorded is also told.
        var commands = new Commands(draft.State.Address, draft.State.Uid!);
        if (!draft.Moment.Busy)
        {
            // What depends on a child that is changed now sees it as it was; it waits, as it would after this round.
            var changing = graph.Nodes.Where(n => n.Spec is { } s && draft.State.Children.GetValueOrDefault(n.Name) is { Deleting: false } c
                && IsReleased(c, n, SpecText.Hash(s))).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var node in graph.Nodes)
            {
                Keep(draft, node.DependsOn.Any(changing.Contains) ? node with { Spec = null } : node, commands, askAgain, node.Address == waiting);
            }

            Release(draft, graph, commands, askAgain);
        }

        Judge(draft, graph);
        if (!commands.IsEmpty)
        {
            draft.Effect = new Effect.TellChildren(draft.Moment.NextCallId, commands.ToImmutable());
        }

        if (draft.State.Phase != Phase.Deleted && (draft.State.Phase != Phase.Ready || draft.State.Children.Values.Any(c => !c.AtRest)))
        {
            // A wake-up once asked for stands: inputs that keep coming must not put it off for ever.
            draft.WakeAt = askAgain ? draft.Now + Heartbeat : draft.Moment.WakeAt ?? draft.Now + Heartbeat;
        }
    }

    /// <summary>A word for a child that waits for one: what it already has. Nothing else is said while all is left as it is.</summary>
    private static void Answer(Draft draft, PlanGraph graph, MachineAddress? waiting)
    {
        var node = graph.Nodes.FirstOrDefault(n => n.Address == waiting);
        if (!draft.Moment.Busy && node?.Spec is { } spec && draft.State.Children.GetValueOrDefault(node.Name) is { Deleting: false } child
            && child.SpecHash == SpecText.Hash(spec))
        {
            var commands = new Commands(draft.State.Address, draft.State.Uid!);
            commands.Apply(child, spec, draft.State.TraceParent);
            draft.Effect = new Effect.TellChildren(draft.Moment.NextCallId, commands.ToImmutable());
        }
    }

    private static void Keep(Draft draft, PlanNode node, Commands commands, bool askAgain, bool waiting)
    {
        var child = draft.State.Children.GetValueOrDefault(node.Name);
        if (child is { Deleting: true } || (child is not null && child.Life != node.Life))
        {
            // The old one goes first; the name is used again afterwards.
            return;
        }

        if (node.Spec is not { } spec)
        {
            if (child is not null && askAgain && !child.AtRest)
            {
                commands.Ask(child);
            }

            return;
        }

        var hash = SpecText.Hash(spec);
        if (child is null)
        {
            var birth = draft.State.Births + 1;
            draft.State = draft.State with { Births = birth };
            child = new ChildRecord
            {
                Address = node.Address,
                Uid = draft.Moment.NewUid(),
                Birth = birth,
                Life = node.Life,
                Provider = node.Provider,
                SpecHash = hash,
                Generation = 1,
                DependsOn = node.DependsOn,
            };
            Record(draft, node.Name, child);
            commands.Apply(child, spec, draft.State.TraceParent);
        }
        else if (IsReleased(child, node, hash))
        {
            child = child with { SpecHash = hash, Generation = child.Generation + 1, DependsOn = Both(child, node) };
            Record(draft, node.Name, child);
            commands.Apply(child, spec, draft.State.TraceParent);
        }
        else
        {
            // A child that waits for a word gets one, settled or not; else only one that is not settled.
            Remind(draft, node, child, spec, hash, commands, waiting || (askAgain && !child.AtRest));
        }
    }

    /// <summary>What a child used to depend on stays until it is known to do without. Nobody is told.</summary>
    private static void Shed(Draft draft, PlanNode node)
    {
        if (draft.State.Children.GetValueOrDefault(node.Name) is { } child && Settled(child)
            && node.Spec is { } spec && SpecText.Hash(spec) == child.SpecHash && !node.DependsOn.SequenceEqual(child.DependsOn))
        {
            Record(draft, node.Name, child with { DependsOn = node.DependsOn });
        }
    }

    private static void Remind(Draft draft, PlanNode node, ChildRecord child, string spec, string hash, Commands commands, bool tell)
    {
        if (child.SpecHash == hash)
        {
            var needs = Settled(child) ? child.DependsOn : Both(child, node);
            if (!needs.SequenceEqual(child.DependsOn))
            {
                child = child with { DependsOn = needs };
                Record(draft, node.Name, child);
            }
        }

        if (tell)
        {
            if (child.SpecHash == hash)
            {
                commands.Apply(child, spec, draft.State.TraceParent);
            }
            else
            {
                commands.Ask(child);
            }
        }
    }

    /// <summary>
    /// Whether a child is to get another specification now. One that has not confirmed its last is under way already
    /// and is not held: its last could not be told again, for only its hash is kept.
    /// </summary>
    private static bool IsReleased(ChildRecord child, PlanNode node, string hash) =>
        child.SpecHash != hash && (!node.Hold || child.Status?.Generation != child.Generation);

    private static ImmutableArray<string> Both(ChildRecord child, PlanNode node) =>
        [.. node.DependsOn.Union(child.DependsOn, StringComparer.Ordinal)];

    private void Release(Draft draft, PlanGraph graph, Commands commands, bool askAgain)
    {
        var desired = draft.State.Desired!;
        var leaving = Leaving(draft.State.Children, graph);
        foreach (var (name, child) in draft.State.Children.Where(c => c.Value.Deleting || leaving.Contains(c.Key)))
        {
            var consent = desired.Deleting ? planner.DataLossConsentedOnDelete(desired.Spec, name, desired.DataLossConsent) : planner.DataLossConsented(desired.Spec, name);
            var told = child with { Deleting = true, DataLossConsent = child.DataLossConsent || consent };
            if (told != child)
            {
                Record(draft, name, told);
                commands.Delete(told, draft.State.TraceParent);
            }
            else if (askAgain)
            {
                commands.Delete(child, draft.State.TraceParent);
            }
        }
    }

    /// <summary>
    /// Names of the children that are to go now: not wanted, and needed by nobody. Changes that turn dependencies
    /// round can leave a ring, met half-way; no order is right for it, so its members go at once.
    /// </summary>
    private static HashSet<string> Leaving(ImmutableSortedDictionary<string, ChildRecord> children, PlanGraph graph)
    {
        var wanted = graph.Nodes.Where(n => children.GetValueOrDefault(n.Name)?.Life == n.Life).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var unwanted = children.Keys.Where(n => !wanted.Contains(n) && !graph.IsRetained(n)).ToHashSet(StringComparer.Ordinal);
        if (unwanted.Count == 0)
        {
            return unwanted;
        }

        var needs = children.Keys.ToDictionary(n => n, n => Needs(n, children), StringComparer.Ordinal);
        return unwanted
            .Where(n => needs.All(other => other.Key == n || !other.Value.Contains(n) || (unwanted.Contains(other.Key) && needs[n].Contains(other.Key))))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>All that a child needs, directly or not.</summary>
    private static HashSet<string> Needs(string name, ImmutableSortedDictionary<string, ChildRecord> children)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            foreach (var needed in children.GetValueOrDefault(next)?.DependsOn ?? [])
            {
                if (found.Add(needed))
                {
                    open.Push(needed);
                }
            }
        }

        return found;
    }

    private static void Judge(Draft draft, PlanGraph graph)
    {
        var state = draft.State;
        if (state.Desired!.Deleting)
        {
            if (state.Children.IsEmpty)
            {
                draft.Bury();
                return;
            }

            var stuck = state.Children.Values.FirstOrDefault(c => c.Status?.Phase == Phase.Blocked);
            draft.Move(stuck is null ? Phase.Deleting : Phase.Blocked, stuck is null ? Waiting(draft, state.Children.Values) : About(draft, stuck));
            return;
        }

        if (graph.Outputs is { } outputs && outputs != state.Outputs)
        {
            draft.State = state = state with { Outputs = outputs };
        }

        var counted = graph.Nodes.Where(n => n.Counts).ToList();
        var inForce = counted.All(n => state.Children.GetValueOrDefault(n.Name) is { } c && Settled(c) && n.Spec is { } s && SpecText.Hash(s) == c.SpecHash);
        var uncounted = graph.Nodes.Where(n => !n.Counts).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var wanted = graph.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var leaving = state.Children.Where(c => !wanted.Contains(c.Key) || (c.Value.Deleting && !uncounted.Contains(c.Key))).Select(c => c.Value).ToList();

        // While a call is outstanding a change may not be recorded yet; ready would mean that nothing is left to do.
        var pending = draft.Moment.Busy && graph.Nodes.Any(n => state.Children.GetValueOrDefault(n.Name) is { } c
            ? !c.Deleting && (c.Life != n.Life || (n.Spec is { } changed && IsReleased(c, n, SpecText.Hash(changed))))
            : n.Spec is not null);
        if (graph.Awaiting is { } awaited)
        {
            draft.Move(draft.WorkingPhase(), new Condition("Waiting", $"It waits for {awaited}.", draft.Now));
            return;
        }

        if (inForce && leaving.Count == 0 && !pending)
        {
            draft.Settle();
            return;
        }

        var unsettled = counted
            .Select(n => state.Children.GetValueOrDefault(n.Name)).OfType<ChildRecord>().Where(c => !Settled(c))
            .Concat(leaving).ToList();
        var blocked = unsettled.FirstOrDefault(c => c.Status?.Phase == Phase.Blocked);
        if (blocked is not null)
        {
            draft.Move(Phase.Blocked, About(draft, blocked));
            return;
        }

        var started = !state.Children.IsEmpty;
        draft.Move(started || state.EverReady ? draft.WorkingPhase() : Phase.Pending, Waiting(draft, unsettled));
    }

    private static Condition About(Draft draft, ChildRecord child) => new(
        child.Status!.Condition?.Reason ?? "Blocked", child.Status.Condition?.Message ?? $"{child.Address.Shown} is blocked.", draft.Now);

    private static Condition Waiting(Draft draft, IEnumerable<ChildRecord> children)
    {
        var named = children.Select(c => c.Address.Title).Order(StringComparer.Ordinal).ToList();
        var shown = string.Join(", ", named.Take(4)) + (named.Count > 4 ? $" and {named.Count - 4} more" : "");
        return new Condition("Waiting", named.Count == 0 ? "It waits for what it depends on." : $"It waits for {shown}.", draft.Now);
    }

    private static bool Settled(ChildRecord child) =>
        child is { Deleting: false, Status: { Phase: Phase.Ready } status } && status.Generation == child.Generation;

    private static void Record(Draft draft, string name, ChildRecord child) =>
        draft.State = draft.State with { Children = draft.State.Children.SetItem(name, child) };

    private static string NameOf(MachineAddress parent, MachineAddress child) => child.Key[parent.Key.Length..];

    /// <summary>The messages of one round.</summary>
    private sealed class Commands(MachineAddress parent, string parentUid)
    {
        private readonly ImmutableArray<ChildCommand>.Builder commands = ImmutableArray.CreateBuilder<ChildCommand>();

        public bool IsEmpty => commands.Count == 0;

        public void Apply(ChildRecord child, string spec, string? traceParent) => commands.Add(new ChildCommand(
            child.Address,
            new MachineInput.Apply(child.Uid, new ParentLink(parent, parentUid), child.Generation, spec, child.Provider, traceParent) { Birth = child.Birth, Heard = child.Status?.Revision ?? 0 }));

        public void Delete(ChildRecord child, string? traceParent) =>
            commands.Add(new ChildCommand(child.Address, new MachineInput.Delete(child.Uid, child.DataLossConsent, traceParent) { Birth = child.Birth }));

        public void Ask(ChildRecord child) => commands.Add(new ChildCommand(child.Address, null));

        public ImmutableArray<ChildCommand> ToImmutable() => commands.ToImmutable();
    }
}
