using Tarmak.Machines.Budgets;

namespace Tarmak.Machines.Tests.Budgets;

public sealed class AccountBudgetTests
{
    private static readonly CallRate TenASecond = new(40, 10);
    private TimeSpan now;
    private long last;

    [Fact]
    public void Lease_NobodyWaitsAndCallsAreLeft_IsGivenAtOnce()
    {
        var budget = new AccountBudget(TenASecond, now);

        budget.TryTake(now).Should().NotBeNull();
        budget.Outstanding.Should().Be(1);
    }

    [Fact]
    public void Lease_SomebodyWaits_IsNotTakenPastHim()
    {
        var budget = Spent();
        Ask(budget, CallClass.Check, "dev");
        now += TimeSpan.FromSeconds(1);

        budget.TryTake(now).Should().BeNull();
    }

    [Fact]
    public void Waiting_ForSeveralClasses_GetsRepairThenCreateThenCheck()
    {
        var budget = Spent();
        var (check, create, repair) = (Ask(budget, CallClass.Check, "dev"), Ask(budget, CallClass.Create, "dev"), Ask(budget, CallClass.Repair, "dev"));
        now += TimeSpan.FromSeconds(1);

        Tickets(budget.Grant(now)).Should().Equal(repair, create, check);
    }

    [Fact]
    public void Check_WaitedForItsPatience_TakesTurnsWithCreations_AndStillGoesAfterRepair()
    {
        var budget = Spent();
        var old = Ask(budget, CallClass.Check, "prod");
        now += FairQueue.Patience - TimeSpan.FromSeconds(1);
        var young = Ask(budget, CallClass.Check, "prod");
        var (first, second) = (Ask(budget, CallClass.Create, "dev"), Ask(budget, CallClass.Create, "dev"));
        var repair = Ask(budget, CallClass.Repair, "dev");
        now += TimeSpan.FromSeconds(1);

        Tickets(budget.Grant(now)).Should().Equal(repair, first, old, second, young);
    }

    [Fact]
    public void Environments_OneAsksForMuchMore_TakeTurns()
    {
        var budget = Spent();
        var many = Enumerable.Range(0, 20).Select(_ => Ask(budget, CallClass.Create, "many")).ToList();
        var few = Enumerable.Range(0, 2).Select(_ => Ask(budget, CallClass.Create, "few")).ToList();
        now += TimeSpan.FromSeconds(0.6);

        Tickets(budget.Grant(now)).Should().Equal(many[0], few[0], many[1], few[1], many[2], many[3]);
    }

    [Fact]
    public void Looks_ThatAreTheSame_ShareOneLease_OfOneHolderOnly()
    {
        var budget = Spent();
        var ask = new CallAsk("cloud", "image", true, CallClass.Create, "dev") { SharedAs = "img" };
        var (mine, alsoMine, others) = (new BudgetTicket("a", 1), new BudgetTicket("a", 2), new BudgetTicket("b", 1));
        budget.Ask(mine, ask, now);
        budget.Ask(others, ask, now);
        budget.Ask(alsoMine, ask with { Environment = "prod" }, now);
        now += TimeSpan.FromSeconds(0.2);

        var granted = budget.Grant(now);

        granted.Select(g => g.Tickets.ToArray()).Should().BeEquivalentTo([[mine, alsoMine], new[] { others }]);
        budget.Waiting.Should().Be(0);
    }

    [Fact]
    public void Lease_GivenBackUnspent_IsAnothers()
    {
        var budget = new AccountBudget(new CallRate(1, 0.1), now);
        var lease = budget.TryTake(now)!.Value;
        var ticket = Ask(budget, CallClass.Create, "dev");
        budget.Grant(now).Should().BeEmpty();

        budget.End(lease, CallEnd.NotSent, now);
        budget.End(lease, CallEnd.NotSent, now);

        Tickets(budget.Grant(now)).Should().Equal(ticket);
        Ask(budget, CallClass.Create, "dev");
        budget.Grant(now).Should().BeEmpty("a lease goes back once");
    }

    [Fact]
    public void Lease_NobodyEndsIt_IsForgottenAndItsCallCounts()
    {
        var budget = new AccountBudget(new CallRate(1, 0.001), now);
        var lost = budget.TryTake(now)!.Value;
        now += AccountBudget.LeaseTime;
        Ask(budget, CallClass.Create, "dev");

        budget.Grant(now).Should().BeEmpty();
        budget.End(lost, CallEnd.NotSent, now);

        budget.Outstanding.Should().Be(0);
        budget.Grant(now).Should().BeEmpty();
    }

    [Fact]
    public void Holder_NotHeardOf_WaitsNoMore()
    {
        var budget = Spent();
        budget.Ask(new BudgetTicket("dead", 1), Of(CallClass.Create, "dev"), now);
        budget.Ask(new BudgetTicket("alive", 1), Of(CallClass.Create, "dev"), now);
        now += AccountBudget.HolderTime;
        budget.Hear("alive", now);

        Tickets(budget.Grant(now)).Should().Equal(new BudgetTicket("alive", 1));
        budget.Waiting.Should().Be(0);
    }

    [Fact]
    public void Ask_AgainWithTheSameTicket_KeepsItsPlace()
    {
        var budget = Spent();
        var first = Ask(budget, CallClass.Create, "dev");
        var second = Ask(budget, CallClass.Create, "dev");
        budget.Ask(first, Of(CallClass.Create, "dev"), now);
        now += TimeSpan.FromSeconds(1);

        Tickets(budget.Grant(now)).Should().Equal(first, second);
    }

    [Fact]
    public void Withdrawn_IsGivenNothing()
    {
        var budget = Spent();
        var ticket = Ask(budget, CallClass.Create, "dev");

        budget.Withdraw(ticket);

        budget.NextAt(now).Should().BeNull();
        budget.Grant(now + TimeSpan.FromSeconds(9)).Should().BeEmpty();
    }

    [Fact]
    public void NextAt_IsWhenTheFirstIsGranted()
    {
        var budget = Spent();
        Ask(budget, CallClass.Create, "dev");
        var next = budget.NextAt(now)!.Value;

        (next - now).Should().BeCloseTo(TimeSpan.FromSeconds(0.1), TimeSpan.FromMilliseconds(1));
        budget.Grant(next - TimeSpan.FromMilliseconds(1)).Should().BeEmpty();
        budget.Grant(next).Should().ContainSingle();
    }

    private static CallAsk Of(CallClass urgency, string environment) => new("cloud", "volume", false, urgency, environment);

    private static IEnumerable<BudgetTicket> Tickets(IEnumerable<BudgetGrant> granted) => granted.SelectMany(g => g.Tickets);

    private AccountBudget Spent()
    {
        var budget = new AccountBudget(TenASecond, now);
        while (budget.TryTake(now) is not null)
        {
        }

        return budget;
    }

    private BudgetTicket Ask(AccountBudget budget, CallClass urgency, string environment)
    {
        var ticket = new BudgetTicket("me", ++last);
        budget.Ask(ticket, Of(urgency, environment), now);
        budget.Hear("me", now);
        return ticket;
    }
}
