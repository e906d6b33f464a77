using Tarmak.Machines.Budgets;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Simulation;

/// <summary>The budgets of a simulated world: the same that grains keep, on one clock and one thread.</summary>
public sealed class SimulatedBudgets
{
    private readonly SimulatedWorld world;
    private readonly Func<CallAsk, (string Family, CallRate? Declared)?> familyOf;
    private readonly Dictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly SharedCalls<StepOutcome> shared = new();
    private long lastTicket;

    internal SimulatedBudgets(SimulatedWorld world, Func<CallAsk, (string Family, CallRate? Declared)?> familyOf)
    {
        this.world = world;
        this.familyOf = familyOf;
    }

    /// <summary>Looks that were answered by another's.</summary>
    public long Shared { get; private set; }

    /// <summary>Calls that had to wait.</summary>
    public long Waited { get; private set; }

    /// <summary>The budget of a family, or null where nobody has asked for one of its calls.</summary>
    /// <param name="family">The family.</param>
    /// <returns>The budget.</returns>
    public AccountBudget? Of(string family) => families.GetValueOrDefault(family)?.Budget;

    /// <summary>A lease at once; a lease that nobody counts where a call has no budget.</summary>
    internal SimulatedLease? TryTake(CallAsk ask) => Find(ask) is not { } family ? new SimulatedLease(this, null, ask, 0, world.Clock.Now, false)
        : family.Budget.TryTake(Now) is { } lease ? new SimulatedLease(this, family, ask, lease, world.Clock.Now, false)
        : null;

    /// <summary>Waits for a lease.</summary>
    internal BudgetTicket Wait(CallAsk ask, Action<SimulatedLease> granted)
    {
        Waited++;
        var family = Find(ask)!;
        var ticket = new BudgetTicket("", ++lastTicket);
        family.Waiting[ticket] = (ask, granted);
        family.Budget.Ask(ticket, ask, Now);
        Look(family);
        return ticket;
    }

    /// <summary>Waits no more.</summary>
    internal void Withdraw(CallAsk ask, BudgetTicket ticket)
    {
        var family = Find(ask)!;
        family.Waiting.Remove(ticket);
        family.Budget.Withdraw(ticket);
    }

    /// <summary>Makes a leased call, or shares the answer of whoever makes it.</summary>
    internal void Make(SimulatedLease lease, Action<Action<StepOutcome>> call, Action<StepOutcome> reply)
    {
        if (lease.IsShared && !shared.Join(lease.Number, reply))
        {
            Shared++;
            return;
        }

        call(outcome =>
        {
            End(lease, CallEnds.Of(outcome));
            reply(outcome);
            if (lease.IsShared)
            {
                shared.Complete(lease.Number, outcome);
            }
        });
    }

    internal void End(SimulatedLease lease, CallEnd end)
    {
        if (lease.Family is { } family)
        {
            family.Budget.End(lease.Number, end, Now);
            Look(family);
        }
    }

    private TimeSpan Now => world.Clock.Now - SimulatedClock.Beginning;

    private Family? Find(CallAsk ask)
    {
        if (familyOf(ask) is not { } named)
        {
            return null;
        }

        if (!families.TryGetValue(named.Family, out var family))
        {
            families[named.Family] = family = new Family(new AccountBudget(named.Declared, Now));
        }

        return family;
    }

    /// <summary>Gives what there is to give when there is: one look at a time is due.</summary>
    private void Look(Family family)
    {
        if (family.Budget.NextAt(Now) is { } next && (family.LookAt is not { } due || next < due))
        {
            family.LookAt = next;
            world.After(next - Now, () =>
            {
                if (family.LookAt == next)
                {
                    family.LookAt = null;
                    Give(family);
                }
            });
        }
    }

    private void Give(Family family)
    {
        family.Budget.Hear("", Now);
        foreach (var grant in family.Budget.Grant(Now))
        {
            foreach (var ticket in grant.Tickets)
            {
                if (family.Waiting.Remove(ticket, out var waiter))
                {
                    waiter.Granted(new SimulatedLease(this, family, waiter.Ask, grant.Lease, world.Clock.Now, grant.Tickets.Length > 1));
                }
            }
        }

        Look(family);
    }

    /// <summary>One family's budget and who waits for it.</summary>
    internal sealed class Family(AccountBudget budget)
    {
        public AccountBudget Budget { get; } = budget;

        public Dictionary<BudgetTicket, (CallAsk Ask, Action<SimulatedLease> Granted)> Waiting { get; } = [];

        public TimeSpan? LookAt { get; set; }
    }
}

/// <summary>A lease in a simulated world.</summary>
internal sealed record SimulatedLease(SimulatedBudgets Budgets, SimulatedBudgets.Family? Family, CallAsk Ask, long Number, DateTimeOffset Since, bool IsShared);
