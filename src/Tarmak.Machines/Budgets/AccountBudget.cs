namespace Tarmak.Machines.Budgets;

/// <summary>
/// The budget of one account for one family of calls: a call is made on a lease, and no more leases are given than the
/// cloud allows. It knows no clock and no threads; whoever runs it says what time it is and calls it from one place.
/// </summary>
/// <param name="declared">What the cloud says it allows; null: nothing is known.</param>
/// <param name="now">The time, on a clock of one's own that never goes back.</param>
public sealed class AccountBudget(CallRate? declared, TimeSpan now)
{
    /// <summary>A lease is used within this time, or given back: calls held up and made together would be too many at once.</summary>
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A lease that nobody ended by then is forgotten, and its call taken for made.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(5);

    /// <summary>A holder not heard of for this time is taken for dead and waits no more.</summary>
    public static readonly TimeSpan HolderTime = TimeSpan.FromSeconds(30);

    private readonly LearnedRate rate = new(declared, now);
    private readonly FairQueue queue = new();
    private readonly Dictionary<long, TakenCall> leases = [];
    private readonly Queue<(long Lease, TimeSpan Until)> expiries = [];
    private readonly Dictionary<string, TimeSpan> holders = new(StringComparer.Ordinal);
    private long lastLease;

    /// <summary>Whether no limit is known: calls may be made without asking, until one is refused.</summary>
    public bool IsOpen => rate.IsOpen;

    /// <summary>Calls a second that are allowed now; null where no limit is known.</summary>
    public double? PerSecond => rate.PerSecond;

    /// <summary>Calls at once after a rest; null where no limit is known.</summary>
    public double? Burst => rate.IsOpen ? null : rate.Burst;

    /// <summary>How many wait.</summary>
    public int Waiting => queue.Count;

    /// <summary>Leases that are out.</summary>
    public int Outstanding => leases.Count;

    /// <summary>Somebody wants to make a call. Asked again with the same ticket, it keeps its place.</summary>
    /// <param name="ticket">Who.</param>
    /// <param name="ask">What for.</param>
    /// <param name="now">The time.</param>
    public void Ask(BudgetTicket ticket, CallAsk ask, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(ask);
        Hear(ticket.Holder, now);
        queue.Add(ticket, ask, now);
    }

    /// <summary>Somebody does not want its call any more.</summary>
    /// <param name="ticket">Who.</param>
    public void Withdraw(BudgetTicket ticket) => queue.Remove(ticket);

    /// <summary>Nothing a holder waited for is wanted any more.</summary>
    /// <param name="holder">The holder.</param>
    public void WithdrawAll(string holder) => queue.RemoveAll(holder);

    /// <summary>A holder is alive.</summary>
    /// <param name="holder">The holder.</param>
    /// <param name="now">The time.</param>
    public void Hear(string holder, TimeSpan now) => holders[holder] = now;

    /// <summary>A lease at once, where nobody waits and a call is left.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Number of the lease; null: ask, and wait.</returns>
    public long? TryTake(TimeSpan now)
    {
        Expire(now);
        return queue.Count == 0 && rate.TryTake(now) is { } call ? Lease(call, now) : null;
    }

    /// <summary>Gives the leases there are, to whoever's turn it is.</summary>
    /// <param name="now">The time.</param>
    /// <returns>The leases.</returns>
    public IReadOnlyList<BudgetGrant> Grant(TimeSpan now)
    {
        Expire(now);
        List<BudgetGrant> granted = [];
        while (queue.Count > 0 && rate.TryTake(now) is { } call && queue.TryNext(now, out var tickets))
        {
            granted.Add(new BudgetGrant(Lease(call, now), [.. tickets]));
        }

        return granted;
    }

    /// <summary>When there is something to give to who waits now.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When; null where nobody waits.</returns>
    public TimeSpan? NextAt(TimeSpan now) => queue.Count == 0 ? null : rate.NextAt(now);

    /// <summary>A lease's call ended. Told twice, the second changes nothing.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="end">How.</param>
    /// <param name="now">The time.</param>
    public void End(long lease, CallEnd end, TimeSpan now)
    {
        if (!leases.Remove(lease, out var call))
        {
            return;
        }

        if (end == CallEnd.NotSent)
        {
            rate.Return(call);
            return;
        }

        rate.Spend(call);
        if (end == CallEnd.Throttled)
        {
            rate.Refused(call.At, 1, now);
        }
    }

    /// <summary>A call was refused that was made without a lease, because no limit was known.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="measured">Calls that were made in a recent second.</param>
    /// <param name="now">The time.</param>
    public void Refused(TimeSpan sentAt, double measured, TimeSpan now) => rate.Refused(sentAt, measured, now);

    private long Lease(TakenCall call, TimeSpan now)
    {
        leases[++lastLease] = call;
        expiries.Enqueue((lastLease, now + LeaseTime));
        return lastLease;
    }

    private void Expire(TimeSpan now)
    {
        while (expiries.TryPeek(out var oldest) && (oldest.Until <= now || !leases.ContainsKey(oldest.Lease)))
        {
            expiries.Dequeue();
            if (leases.Remove(oldest.Lease, out var lost))
            {
                rate.Spend(lost);
            }
        }

        if (holders.Count == 0 || holders.Values.All(heard => now - heard < HolderTime))
        {
            return;
        }

        foreach (var dead in holders.Where(h => now - h.Value >= HolderTime).Select(h => h.Key).ToList())
        {
            holders.Remove(dead);
            queue.RemoveAll(dead);
        }
    }
}
