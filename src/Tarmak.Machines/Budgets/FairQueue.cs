using System.Diagnostics.CodeAnalysis;

namespace Tarmak.Machines.Budgets;

/// <summary>
/// Who waits for a call. The more urgent class goes first; within a class the environments take turns, and within an
/// environment whoever came first.
/// </summary>
internal sealed class FairQueue
{
    /// <summary>How long a check waits behind everything else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<BudgetTicket, Waiter> waiting = [];
    private readonly Dictionary<(string Holder, string SharedAs), List<Waiter>> shared = [];
    private readonly SortedDictionary<CallClass, Lane> lanes = new() { [CallClass.Repair] = new(), [CallClass.Create] = new(), [CallClass.Check] = new() };
    private readonly Queue<Waiter> checks = [];

    /// <summary>How many wait.</summary>
    public int Count => waiting.Count;

    /// <summary>Takes a place. Who has one keeps it.</summary>
    public void Add(BudgetTicket ticket, CallAsk ask, TimeSpan now)
    {
        var waiter = new Waiter(ticket, ask, now);
        if (!waiting.TryAdd(ticket, waiter))
        {
            return;
        }

        lanes[ask.Class].Add(waiter);
        if (ask.Class == CallClass.Check)
        {
            checks.Enqueue(waiter);
        }

        if (ask.SharedAs is { } name)
        {
            var key = (ticket.Holder, $"{ask.Provider} {ask.Kind} {name}");
            if (!shared.TryGetValue(key, out var same))
            {
                shared[key] = same = [];
            }

            same.Add(waiter);
        }
    }

    /// <summary>Gives up a place.</summary>
    public void Remove(BudgetTicket ticket)
    {
        if (waiting.GetValueOrDefault(ticket) is { } waiter)
        {
            Leave(waiter);
        }
    }

    /// <summary>Gives up all places of a holder.</summary>
    public void RemoveAll(string holder)
    {
        foreach (var waiter in waiting.Values.Where(w => w.Ticket.Holder == holder).ToList())
        {
            Leave(waiter);
        }
    }

    /// <summary>Whose turn it is, with all that want the same look; they leave the queue.</summary>
    public bool TryNext(TimeSpan now, [NotNullWhen(true)] out IReadOnlyList<BudgetTicket>? tickets)
    {
        while (checks.TryPeek(out var oldest) && (oldest.HasLeft || now - oldest.Since >= Patience))
        {
            checks.Dequeue();
            if (!oldest.HasLeft)
            {
                lanes[CallClass.Check].Withdraw(oldest);
                lanes[CallClass.Create].Add(oldest);
            }
        }

        foreach (var lane in lanes.Values)
        {
            if (lane.Take() is { } next)
            {
                var same = next.Ask.SharedAs is { } name && shared.TryGetValue((next.Ticket.Holder, $"{next.Ask.Provider} {next.Ask.Kind} {name}"), out var all) ? all.ToList() : [next];
                foreach (var waiter in same)
                {
                    Leave(waiter);
                }

                tickets = [next.Ticket, .. same.Where(w => w != next).Select(w => w.Ticket)];
                return true;
            }
        }

        tickets = null;
        return false;
    }

    private void Leave(Waiter waiter)
    {
        waiter.HasLeft = true;
        waiter.Lane?.Withdraw(waiter);
        waiting.Remove(waiter.Ticket);
        if (waiter.Ask.SharedAs is { } name)
        {
            var key = (waiter.Ticket.Holder, $"{waiter.Ask.Provider} {waiter.Ask.Kind} {name}");
            if (shared.TryGetValue(key, out var same) && same.Remove(waiter) && same.Count == 0)
            {
                shared.Remove(key);
            }
        }
    }

    private sealed class Waiter(BudgetTicket ticket, CallAsk ask, TimeSpan since)
    {
        public BudgetTicket Ticket { get; } = ticket;

        public CallAsk Ask { get; } = ask;

        public TimeSpan Since { get; } = since;

        public bool HasLeft { get; set; }

        public Lane? Lane { get; set; }

        public LinkedListNode<Waiter>? Place { get; set; }
    }

    /// <summary>The waiters of one class: a line for each environment, and the environments in the order of their turns.</summary>
    private sealed class Lane
    {
        private readonly Dictionary<string, (LinkedListNode<string> Turn, LinkedList<Waiter> Line)> environments = new(StringComparer.Ordinal);
        private readonly LinkedList<string> turns = new();

        public void Add(Waiter waiter)
        {
            if (!environments.TryGetValue(waiter.Ask.Environment, out var environment))
            {
                environments[waiter.Ask.Environment] = environment = (turns.AddLast(waiter.Ask.Environment), new LinkedList<Waiter>());
            }

            waiter.Lane = this;
            waiter.Place = environment.Line.AddLast(waiter);
        }

        /// <summary>The first of the environment whose turn it is; the turn goes on.</summary>
        public Waiter? Take()
        {
            if (turns.First is not { } turn)
            {
                return null;
            }

            var first = environments[turn.Value].Line.First!.Value;
            turns.Remove(turn);
            turns.AddLast(turn);
            Withdraw(first);
            return first;
        }

        public void Withdraw(Waiter waiter)
        {
            if (waiter.Place is not { } place)
            {
                return;
            }

            var (turn, line) = environments[waiter.Ask.Environment];
            line.Remove(place);
            (waiter.Lane, waiter.Place) = (null, null);
            if (line.Count == 0)
            {
                turns.Remove(turn);
                environments.Remove(waiter.Ask.Environment);
            }
        }
    }
}
