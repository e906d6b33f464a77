using Tarmak.Grains.Abstractions.Budgets;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Steps;

namespace Tarmak.Grains.Budgets;

/// <summary>
/// This process' side of one budget: who waits here, and the talk with the budget's grain, which goes on as long as there
/// is something to say. Whatever of it is lost, the next whole round repairs.
/// </summary>
internal sealed class FamilyBudget
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Func<IBudgetGrain> grain;
    private readonly string holder;
    private readonly TimeProvider time;
    private readonly BudgetInstruments instruments;
    private readonly Action<string> tellSilence;
    private readonly Dictionary<long, Waiter> waiting = [];
    private readonly RecentCalls recent;
    private List<long> withdrawn = [];
    private List<LeaseEnd> ended = [];
    private HashSet<long> untold = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? epoch;
    private double? refusedAt;
    private bool talks;
    private long lastTicket;

    public FamilyBudget(
        string account, string family, CallRate? declared, Func<IBudgetGrain> grain, string holder, TimeProvider time, BudgetInstruments instruments, Action<string> tellSilence)
    {
        (Account, Family, Declared) = (account, family, declared);
        (this.grain, this.holder, this.time, this.instruments, this.tellSilence) = (grain, holder, time, instruments, tellSilence);
        recent = new RecentCalls(time);
        IsOpen = declared is null;
    }

    public string Account { get; }

    public string Family { get; }

    public CallRate? Declared { get; }

    /// <summary>Calls answered to several at once.</summary>
    public SharedCalls<StepOutcome> Shared { get; } = new();

    /// <summary>Whether no limit is known: calls need no lease.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Calls a second that are allowed now, as was last heard.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>How many wait here.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Takes a call where no limit is known.</summary>
    public CallLease? TryTake(CallAsk ask)
    {
        lock (gate)
        {
            if (!IsOpen)
            {
                return null;
            }

            recent.Count();
            return new CallLease(ask, time.GetTimestamp()) { Budget = this };
        }
    }

    /// <summary>Waits for a lease.</summary>
    public Task<CallLease> LeaseAsync(CallAsk ask, CancellationToken cancellationToken)
    {
        if (TryTake(ask) is { } open)
        {
            return Task.FromResult(open);
        }

        Waiter waiter;
        long ticket;
        lock (gate)
        {
            ticket = ++lastTicket;
            waiting[ticket] = waiter = new Waiter(ask, time.GetTimestamp());
            untold.Add(ticket);
            Talk();
        }

        waiter.Cut = cancellationToken.Register(() => Withdraw(ticket, cancellationToken));
        return waiter.Granted.Task;
    }

    /// <summary>A lease's call ended.</summary>
    public void End(CallLease lease, CallEnd end)
    {
        if (end == CallEnd.Throttled)
        {
            instruments.Throttled(Account, Family);
        }

        lock (gate)
        {
            if (lease.Number is { } number)
            {
                ended.Add(new LeaseEnd { Lease = number, End = end.ToString() });
                Talk();
            }
            else if (end == CallEnd.Throttled && IsOpen)
            {
                refusedAt = Math.Max(1, recent.PerSecond);
                IsOpen = false;
                Talk();
            }
        }
    }

    private void Withdraw(long ticket, CancellationToken cancellationToken)
    {
        Waiter? waiter;
        lock (gate)
        {
            if (!waiting.Remove(ticket, out waiter))
            {
                return;
            }

            if (!untold.Remove(ticket))
            {
                withdrawn.Add(ticket);
                Talk();
            }
        }

        waiter.Granted.TrySetCanceled(cancellationToken);
    }

    private void Talk()
    {
        more.TrySetResult();
        if (!talks)
        {
            talks = true;
            _ = Task.Run(TalkAsync);
        }
    }

    private async Task TalkAsync()
    {
        var silent = false;
        while (TakeNews() is { } news)
        {
            BudgetAnswer? answer = null;
            try
            {
                answer = await grain().SyncAsync(news).WaitAsync(AnswerDeadline, time).ConfigureAwait(false);
                silent = false;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The boundary of the talk: what was said may or may not have been heard, so everything is said again.
                if (!silent)
                {
                    tellSilence(failure.Message);
                }

                silent = true;
            }

            if (answer is null)
            {
                Repeat(news);
                await Task.Delay(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
                continue;
            }

            await HearAsync(answer, news).ConfigureAwait(false);
        }
    }

    private BudgetNews? TakeNews()
    {
        lock (gate)
        {
            if (waiting.Count == 0 && withdrawn.Count == 0 && ended.Count == 0 && refusedAt is null)
            {
                talks = false;
                return null;
            }

            var isWhole = epoch is null;
            var news = new BudgetNews
            {
                Holder = holder,
                Epoch = epoch,
                IsWhole = isWhole,
                DeclaredBurst = Declared?.Burst,
                DeclaredPerSecond = Declared?.PerSecond,
                Asks = [.. waiting.Where(w => isWhole || untold.Contains(w.Key)).OrderBy(w => w.Key).Select(w => w.Value.ToAsk(w.Key))],
                Withdrawn = [.. withdrawn],
                Ended = [.. ended],
                RefusedAt = refusedAt,
            };
            (withdrawn, ended, untold, refusedAt) = ([], [], [], null);
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return news;
        }
    }

    /// <summary>Nobody knows whether the news were heard. Leases end once; the rest is in the whole.</summary>
    private void Repeat(BudgetNews news)
    {
        lock (gate)
        {
            epoch = null;
            ended.InsertRange(0, news.Ended);
            refusedAt ??= news.RefusedAt;
        }
    }

    private async Task HearAsync(BudgetAnswer answer, BudgetNews news)
    {
        List<(Waiter Waiter, CallLease Lease)> granted = [];
        Task said;
        lock (gate)
        {
            PerSecond = answer.PerSecond;
            if (answer.IsStranger)
            {
                // What an earlier activation leased went with it.
                epoch = null;
                refusedAt ??= news.RefusedAt;
            }
            else
            {
                epoch = answer.Epoch;
            }

            foreach (var lease in answer.Given)
            {
                var tickets = lease.Tickets.Where(waiting.ContainsKey).ToList();
                if (tickets.Count == 0)
                {
                    ended.Add(new LeaseEnd { Lease = lease.Lease, End = nameof(CallEnd.NotSent) });
                }

                foreach (var ticket in tickets)
                {
                    waiting.Remove(ticket, out var waiter);
                    granted.Add((waiter!, new CallLease(waiter!.Ask, time.GetTimestamp()) { Budget = this, Number = lease.Lease, IsShared = tickets.Count > 1 }));
                }
            }

            IsOpen = answer.PerSecond is null && refusedAt is null;
            if (IsOpen)
            {
                foreach (var (ticket, waiter) in waiting.ToList())
                {
                    waiting.Remove(ticket);
                    untold.Remove(ticket);
                    granted.Add((waiter, new CallLease(waiter.Ask, time.GetTimestamp()) { Budget = this }));
                }
            }

            if (answer.NextAfter is null && waiting.Keys.Any(t => !untold.Contains(t)))
            {
                // It was taken for dead meanwhile.
                epoch = null;
            }

            said = more.Task;
        }

        foreach (var (waiter, lease) in granted)
        {
            instruments.Waited(Account, Family, lease.Ask.Class, time.GetElapsedTime(waiter.Since));
            waiter.Cut.Unregister();
            waiter.Granted.TrySetResult(lease);
        }

        var pause = answer.IsStranger ? TimeSpan.Zero : answer.NextAfter ?? Shortest;
        await Task.WhenAny(said, Task.Delay(pause < Shortest ? Shortest : pause > Longest ? Longest : pause, time)).ConfigureAwait(false);
    }

    private sealed class Waiter(CallAsk ask, long since)
    {
        public CallAsk Ask { get; } = ask;

        public long Since { get; } = since;

        public TaskCompletionSource<CallLease> Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Cut { get; set; }

        public BudgetAsk ToAsk(long ticket) => new()
        {
            Ticket = ticket,
            Provider = Ask.Provider,
            Kind = Ask.Kind,
            Reads = Ask.Reads,
            Class = Ask.Class.ToString(),
            Environment = Ask.Environment,
            SharedAs = Ask.SharedAs,
        };
    }
}
