using Tarmak.Grains.Abstractions.Budgets;
using Tarmak.Machines.Budgets;

namespace Tarmak.Grains.Budgets;

/// <summary>Grain of the budget of one account for one family of calls. It decides nothing; <see cref="AccountBudget"/> does.</summary>
/// <param name="time">The clock.</param>
[GrainType("tarmak.budget")]
public sealed class BudgetGrain(TimeProvider time) : Grain, IBudgetGrain
{
    private readonly string epoch = Guid.NewGuid().ToString("N");
    private readonly long begun = time.GetTimestamp();

    // A grant of one process may come up while another one asks; it waits here until its own asks.
    private readonly Dictionary<string, List<LeaseGiven>> given = new(StringComparer.Ordinal);
    private AccountBudget? budget;

    private TimeSpan Now => time.GetElapsedTime(begun);

    /// <inheritdoc/>
    public Task<BudgetAnswer> SyncAsync(BudgetNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        budget ??= new AccountBudget(
            news is { DeclaredBurst: { } burst, DeclaredPerSecond: { } perSecond } ? new CallRate(burst, perSecond) : null, Now);
        if (news.Epoch != epoch && !news.IsWhole)
        {
            return Task.FromResult(new BudgetAnswer { Epoch = epoch, IsStranger = true, PerSecond = budget.PerSecond });
        }

        Take(news);
        foreach (var grant in budget.Grant(Now))
        {
            var holder = grant.Tickets[0].Holder;
            if (!given.TryGetValue(holder, out var leases))
            {
                given[holder] = leases = [];
            }

            leases.Add(new LeaseGiven { Lease = grant.Lease, Tickets = [.. grant.Tickets.Select(t => t.Number)] });
        }

        return Task.FromResult(new BudgetAnswer
        {
            Epoch = epoch,
            Given = given.Remove(news.Holder, out var mine) ? [.. mine] : [],
            PerSecond = budget.PerSecond,
            NextAfter = budget.NextAt(Now) - Now,
        });
    }

    private void Take(BudgetNews news)
    {
        budget!.Hear(news.Holder, Now);
        if (news.Epoch == epoch)
        {
            foreach (var ended in news.Ended)
            {
                budget.End(ended.Lease, Enum.Parse<CallEnd>(ended.End), Now);
            }
        }

        if (news.RefusedAt is { } measured)
        {
            budget.Refused(Now, measured, Now);
        }

        if (news.IsWhole)
        {
            // An answer of ours was lost, or this is another activation: what was in it is given back.
            budget.WithdrawAll(news.Holder);
            if (given.Remove(news.Holder, out var unheard))
            {
                unheard.ForEach(lease => budget.End(lease.Lease, CallEnd.NotSent, Now));
            }
        }

        foreach (var ticket in news.Withdrawn)
        {
            budget.Withdraw(new BudgetTicket(news.Holder, ticket));
        }

        foreach (var ask in news.Asks)
        {
            budget.Ask(
                new BudgetTicket(news.Holder, ask.Ticket),
                new CallAsk(ask.Provider, ask.Kind, ask.Reads, Enum.Parse<CallClass>(ask.Class), ask.Environment) { SharedAs = ask.SharedAs },
                Now);
        }
    }
}
