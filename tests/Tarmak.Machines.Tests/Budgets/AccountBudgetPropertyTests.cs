using CsCheck;
using Tarmak.Machines.Budgets;

namespace Tarmak.Machines.Tests.Budgets;

/// <summary>What holds whatever is asked for, given back and refused, and whenever.</summary>
public sealed class AccountBudgetPropertyTests
{
    private enum Act
    {
        Ask,
        AskAlike,
        Withdraw,
        Made,
        Refused,
        NotSent,
        Pass,
    }

    private static readonly Gen<(Act Act, int Class, int Environment, int Which, int Milliseconds)[]> Lives =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Int[0, 3000]).Array[0, 200];

    private static readonly Gen<CallRate> Rates = Gen.Select(Gen.Double[1, 30], Gen.Double[0.2, 20]).Select((burst, rate) => new CallRate(burst, rate));

    [Fact]
    public void Calls_InAnyWindow_AreNoMoreThanTheCloudAllows() => Gen.Select(Rates, Lives).Sample(
        (rate, life) =>
        {
            var played = Play(rate, life);
            var used = played.Leases.Where(l => !l.Unspent).Select(l => l.At.TotalSeconds).ToList();
            for (var from = 0; from < used.Count; from++)
            {
                for (var to = from; to < used.Count; to++)
                {
                    (to - from + 1).Should().BeLessThanOrEqualTo((int)(rate.Burst + (rate.PerSecond * (used[to] - used[from])) + 1e-6));
                }
            }
        },
        iter: Sweep.Size(1000, 100_000), seed: "0000KDHQlPZ1");

    [Fact]
    public void Calls_ThatAreMoreUrgent_GoFirst() => Gen.Select(Rates, Lives).Sample(
        (rate, life) => Play(rate, life).Overtaken.Should().BeEmpty(),
        iter: Sweep.Size(1000, 100_000), seed: "0000KDHQlPZ1");

    [Fact]
    public void Environments_ThatWait_AreNeverPassedOverTwice() => Gen.Select(Rates, Lives).Sample(
        (rate, life) => Play(rate, life).PassedOver.Should().BeEmpty(),
        iter: Sweep.Size(1000, 100_000), seed: "0000KDHQlPZ1");

    [Fact]
    public void Everybody_WhoGoesOnWaiting_GetsALease() => Gen.Select(Rates, Lives).Sample(
        (rate, life) =>
        {
            var played = Play(rate, life);

            // The rate was lowered by each refusal at most; at the least rate everybody has had a turn by then.
            var end = played.Now + TimeSpan.FromSeconds((played.Budget.Waiting + 1) / Math.Min(LearnedRate.Least, rate.PerSecond));
            while (played.Budget.NextAt(played.Now) is { } next && next <= end)
            {
                played.Now = next;
                played.Grant();
            }

            played.Budget.Waiting.Should().Be(0);
        },
        iter: Sweep.Size(1000, 100_000), seed: "0000KDHQlPZ1");

    private static Played Play(CallRate rate, (Act Act, int Class, int Environment, int Which, int Milliseconds)[] life)
    {
        var played = new Played(rate);
        foreach (var (act, urgency, environment, which, milliseconds) in life)
        {
            switch (act)
            {
                case Act.Ask:
                    played.Ask(new CallAsk("cloud", "volume", false, (CallClass)urgency, $"e{environment}"));
                    break;
                case Act.AskAlike:
                    played.Ask(new CallAsk("cloud", "image", true, (CallClass)urgency, $"e{environment}") { SharedAs = $"{which % 2}" });
                    break;
                case Act.Withdraw:
                    played.Withdraw(which);
                    break;
                case Act.Made or Act.Refused or Act.NotSent:
                    played.End(which, act == Act.Made ? CallEnd.Made : act == Act.Refused ? CallEnd.Throttled : CallEnd.NotSent);
                    break;
                default:
                    played.Now += TimeSpan.FromMilliseconds(milliseconds);
                    break;
            }

            played.Grant();
        }

        return played;
    }

    private sealed class Given(long lease, TimeSpan at)
    {
        public long Lease { get; } = lease;

        public TimeSpan At { get; } = at;

        public bool Ended { get; set; }

        public bool Unspent { get; set; }
    }

    private sealed class Played(CallRate rate)
    {
        private readonly Dictionary<BudgetTicket, (CallAsk Ask, TimeSpan Since)> waiting = [];
        private readonly Dictionary<(CallClass Class, string Passed, string By), int> passes = [];
        private long last;

        public TimeSpan Now { get; set; }

        public AccountBudget Budget { get; } = new(rate, TimeSpan.Zero);

        public List<Given> Leases { get; } = [];

        public List<string> Overtaken { get; } = [];

        public List<string> PassedOver { get; } = [];

        public void Ask(CallAsk ask)
        {
            var ticket = new BudgetTicket("me", ++last);
            waiting[ticket] = (ask, Now);
            Budget.Ask(ticket, ask, Now);
        }

        public void Withdraw(int which)
        {
            if (waiting.Count > 0)
            {
                var ticket = waiting.Keys.ElementAt(which % waiting.Count);
                waiting.Remove(ticket);
                Budget.Withdraw(ticket);
                Forget();
            }
        }

        public void End(int which, CallEnd end)
        {
            if (Leases.Count > 0 && Leases[which % Leases.Count] is { Ended: false } given && Now - given.At < AccountBudget.LeaseTime)
            {
                (given.Ended, given.Unspent) = (true, end == CallEnd.NotSent);
                Budget.End(given.Lease, end, Now);
            }
        }

        public void Grant()
        {
            Budget.Hear("me", Now);
            foreach (var grant in Budget.Grant(Now))
            {
                Leases.Add(new Given(grant.Lease, Now));
                var (ask, since) = waiting[grant.Tickets[0]];
                var urgency = ClassOf(ask, since);
                Overtaken.AddRange(waiting.Values.Where(w => ClassOf(w.Ask, w.Since) < urgency).Select(w => $"{w.Ask} by {ask} at {Now}"));
                foreach (var ticket in grant.Tickets)
                {
                    waiting.Remove(ticket);
                }

                foreach (var key in passes.Keys.Where(k => k.Class == urgency && k.Passed == ask.Environment).ToList())
                {
                    passes.Remove(key);
                }

                // An environment that waits sees each other one go before it once at most.
                foreach (var passed in waiting.Values.Where(w => ClassOf(w.Ask, w.Since) == urgency && w.Ask.Environment != ask.Environment).Select(w => w.Ask.Environment).Distinct())
                {
                    if ((passes[(urgency, passed, ask.Environment)] = passes.GetValueOrDefault((urgency, passed, ask.Environment)) + 1) > 1)
                    {
                        PassedOver.Add($"{passed} by {ask.Environment} at {Now}");
                    }
                }

                Forget();
            }
        }

        private CallClass ClassOf(CallAsk ask, TimeSpan since) => ask.Class == CallClass.Check && Now - since >= FairQueue.Patience ? CallClass.Create : ask.Class;

        /// <summary>Whoever waits no more, or now waits in another class, was not passed over.</summary>
        private void Forget()
        {
            var there = waiting.Values.Select(w => (ClassOf(w.Ask, w.Since), w.Ask.Environment)).ToHashSet();
            foreach (var key in passes.Keys.Where(k => !there.Contains((k.Class, k.Passed))).ToList())
            {
                passes.Remove(key);
            }
        }
    }
}
