using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Abstractions.Budgets;
using Tarmak.Grains.Budgets;
using Tarmak.Machines.Budgets;

namespace Tarmak.Grains.Tests.Budgets;

/// <summary>A process' talk with a budget that loses answers and begins anew.</summary>
public sealed class FamilyBudgetTests : IDisposable
{
    private static readonly CallRate One = new(1, 1);
    private static readonly CallAsk Ask = new("cloud", "volume", false, CallClass.Create, "dev");
    private readonly FakeTimeProvider time = new();
    private readonly BudgetInstruments instruments = new();
    private readonly UnreliableBudget remote;

    public FamilyBudgetTests() => remote = new UnreliableBudget(time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => instruments.Dispose();

    [Fact]
    public async Task Waiters_OfTwoProcesses_AreGivenWhatTheRateAllows()
    {
        var (one, other) = (Of("one"), Of("other"));
        var waits = Enumerable.Range(0, 6).Select(n => (n % 2 == 0 ? one : other).LeaseAsync(Ask, Token)).ToList();

        await AdvanceUntilAsync(Task.WhenAll(waits));

        time.GetElapsedTime(0).Should().BeGreaterThan(TimeSpan.FromSeconds(4));
        waits.Select(w => w.Result.Number).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Answer_IsLost_TheLeasesInItComeBack()
    {
        var budget = Of("one");
        remote.LoseAnswers = 1;

        var lease = await AdvanceUntilAsync(budget.LeaseAsync(Ask, Token));
        budget.End(lease, CallEnd.Made);
        await AdvanceUntilAsync(budget.LeaseAsync(Ask, Token));

        remote.Syncs.Should().BeGreaterThan(2);
    }

    [Fact]
    public async Task Budget_BeginsAnew_IsToldEverything()
    {
        var budget = Of("one");
        var first = await AdvanceUntilAsync(budget.LeaseAsync(Ask, Token));
        var waits = budget.LeaseAsync(Ask, Token);
        remote.BeginAnew();
        budget.End(first, CallEnd.Throttled);

        (await AdvanceUntilAsync(waits)).Number.Should().NotBeNull();
    }

    [Fact]
    public async Task Wait_IsCutOff_AndGivenUp()
    {
        var budget = Of("one");
        await AdvanceUntilAsync(budget.LeaseAsync(Ask, Token));
        using var cut = new CancellationTokenSource();
        var waits = budget.LeaseAsync(Ask, cut.Token);

        await cut.CancelAsync();

        await ((Func<Task>)(() => waits)).Should().ThrowAsync<OperationCanceledException>();
        budget.Waiting.Should().Be(0);
        (await AdvanceUntilAsync(budget.LeaseAsync(Ask, Token))).Number.Should().NotBeNull();
    }

    [Fact]
    public async Task Limit_IsLearned_ByWhoeverIsRefusedFirst_AndHeldByAll()
    {
        var (one, other) = (Of("one", null), Of("other", null));
        var open = one.TryTake(Ask)!;
        other.TryTake(Ask).Should().NotBeNull();

        one.End(open, CallEnd.Throttled);
        var next = await AdvanceUntilAsync(one.LeaseAsync(Ask, Token));

        next.Number.Should().NotBeNull();
        one.PerSecond.Should().NotBeNull();
        one.TryTake(Ask).Should().BeNull();
        other.End(other.TryTake(Ask)!, CallEnd.Throttled);
        (await AdvanceUntilAsync(other.LeaseAsync(Ask, Token))).Number.Should().NotBeNull();
    }

    private FamilyBudget Of(string holder, CallRate? declared) => new("account", "family", declared, () => remote, holder, time, instruments, static _ => { });

    private FamilyBudget Of(string holder) => Of(holder, One);

    private async Task<T> AdvanceUntilAsync<T>(Task<T> met)
    {
        while (!met.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await met;
    }

    private async Task AdvanceUntilAsync(Task met) => await AdvanceUntilAsync(met.ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default));

    /// <summary>The grain itself, on a way that loses answers.</summary>
    private sealed class UnreliableBudget(TimeProvider time) : IBudgetGrain
    {
        private readonly Lock gate = new();
        private BudgetGrain grain = new(time);
        private int syncs;

        public int LoseAnswers { get; set; }

        public int Syncs => syncs;

        public void BeginAnew()
        {
            lock (gate)
            {
                grain = new BudgetGrain(time);
            }
        }

        public Task<BudgetAnswer> SyncAsync(BudgetNews news)
        {
            lock (gate)
            {
                syncs++;
                var answer = grain.SyncAsync(news);
                return LoseAnswers-- > 0 ? throw new TimeoutException("lost") : answer;
            }
        }
    }
}
