using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions.Budgets;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Budgets;

/// <summary>This process' leases of calls, by account and family. It waits in the background, never in a grain's turn.</summary>
/// <param name="providers">The bound providers, which name their accounts and what those allow.</param>
/// <param name="grains">Leads to the budgets.</param>
/// <param name="instruments">Metrics.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class CallBudgets(
    ProviderCatalog providers, IGrainFactory grains, BudgetInstruments instruments, TimeProvider time, ILogger<CallBudgets> logger)
{
    private readonly ConcurrentDictionary<(string Account, string Family), FamilyBudget> families = new();
    private readonly string holder = Guid.NewGuid().ToString("N");
    private int watched;

    /// <summary>A lease at once, where no limit is known.</summary>
    /// <param name="ask">The call.</param>
    /// <returns>The lease; null: wait for one.</returns>
    public CallLease? TryTake(CallAsk ask) => Find(ask) is { } family ? family.TryTake(ask) : Uncounted(ask);

    /// <summary>Waits for a lease.</summary>
    /// <param name="ask">The call.</param>
    /// <param name="cancellationToken">Ends the wait; the place in the queue is given up.</param>
    /// <returns>The lease. Whoever has it ends it.</returns>
    public Task<CallLease> LeaseAsync(CallAsk ask, CancellationToken cancellationToken) =>
        Find(ask) is { } family ? family.LeaseAsync(ask, cancellationToken) : Task.FromResult(Uncounted(ask));

    /// <summary>Whether a lease may be used still; if not, it is ended as not sent.</summary>
    /// <param name="lease">The lease.</param>
    /// <returns>Whether it may.</returns>
    public bool IsFresh(CallLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return lease.Number is null || time.GetElapsedTime(lease.Since) < AccountBudget.StartDeadline;
    }

    /// <summary>Ends a lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="end">What became of its call.</param>
    public void End(CallLease lease, CallEnd end)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lease.Budget?.End(lease, end);
    }

    /// <summary>Makes a leased call, or shares the answer of whoever makes it.</summary>
    /// <param name="lease">The lease; null: the call is counted nowhere.</param>
    /// <param name="call">The call; it throws nothing.</param>
    /// <returns>The outcome.</returns>
    public async Task<StepOutcome> RunAsync(CallLease? lease, Func<Task<StepOutcome>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (lease?.Budget is not { } budget)
        {
            return await call();
        }

        if (lease is { IsShared: true, Number: { } number })
        {
            var others = new TaskCompletionSource<StepOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!budget.Shared.Join(number, others.SetResult))
            {
                return await others.Task;
            }

            var outcome = await call();
            End(lease, CallEnds.Of(outcome));
            budget.Shared.Complete(number, outcome);
            return outcome;
        }

        var own = await call();
        End(lease, CallEnds.Of(own));
        return own;
    }

    private CallLease Uncounted(CallAsk ask) => new(ask, time.GetTimestamp());

    private FamilyBudget? Find(CallAsk ask)
    {
        if (providers.AccountOf(ask.Provider) is not { } known)
        {
            // The engine's own, or one that cannot be opened, which says so when it is called.
            return null;
        }

        if (Interlocked.Exchange(ref watched, 1) == 0)
        {
            instruments.Watch(() => families.Values.Select(f => (f.Account, f.Family, f.PerSecond, f.Waiting)));
        }

        var (family, declared) = ApiLimit.Of(known.Provider.Sheet, ask);
        return families.GetOrAdd((known.Account, family), key => new FamilyBudget(
            key.Account, key.Family, declared, () => grains.GetGrain<IBudgetGrain>($"{key.Account}|{key.Family}"), holder, time, instruments,
            reason => LogSilent(key.Account, key.Family, reason)));
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The budget of {Account} for {Family} does not answer and is asked again: {Reason}")]
    private partial void LogSilent(string account, string family, string reason);
}
