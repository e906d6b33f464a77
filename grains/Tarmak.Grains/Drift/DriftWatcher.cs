using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Drift;

/// <summary>
/// Notices what differs from the inventory, and wakes only that: by the provider's events, and by comparing the list
/// of owned objects at a cadence, for events that were missed. What no provider lists is looked at one by one, seldom.
/// It decides nothing; every nudge is a hint.
/// </summary>
/// <param name="providers">The providers in use.</param>
/// <param name="store">Knows which machines are not at rest.</param>
/// <param name="grains">Leads to them.</param>
/// <param name="check">Compares and wakes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class DriftWatcher(
    ProviderCatalog providers, IMachineStore store, IGrainFactory grains, DriftCheck check, TimeProvider time, ILogger<DriftWatcher> logger) : BackgroundService
{
    /// <summary>How often owned objects are listed.</summary>
    public static readonly TimeSpan Cadence = TimeSpan.FromSeconds(20);

    /// <summary>How often an object is looked at that no provider lists.</summary>
    public static readonly TimeSpan UnlistedCadence = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly DriftListeners listeners = new(providers, check, time, logger);
    private readonly Dictionary<string, Account> accounts = new(StringComparer.Ordinal);
    private bool resumed;
    private long? sweptAt;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        LastingLoop.RunAsync(WatchAsync, LogWatchFailed, time, stoppingToken);

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        if (!resumed)
        {
            await ResumeAsync(stoppingToken);
            resumed = true;
        }

        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            if (sweptAt is not { } last || time.GetElapsedTime(last) >= Cadence)
            {
                sweptAt = time.GetTimestamp();
                await BeginAsync(stoppingToken);
            }

            listeners.Follow(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What was under way when the engine stopped goes on now, not at the next reminder: being asked wakes it.</summary>
    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var address in await store.ListToWakeAsync(cancellationToken))
        {
            grains.Machine(address).StatusAsync().Ignore();
        }
    }

    /// <summary>Begins a sweep of each account but those whose last one goes on: one that waits for its budget holds up no other.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var round in await check.PlanAsync(cancellationToken))
        {
            if (!accounts.TryGetValue(round.Account, out var account))
            {
                accounts[round.Account] = account = new Account(new Turns(UnlistedCadence, time));
            }

            if (account.Sweep.IsCompleted)
            {
                // A fault of ours ends the watch, which is begun anew, and told.
                await account.Sweep;
                account.Sweep = SweepAsync(round, account, cancellationToken);
            }
        }
    }

    private async Task SweepAsync(AccountRound round, Account account, CancellationToken cancellationToken)
    {
        var sweeps = await check.SweepAsync(round, account.Turns.Next(), cancellationToken);
        foreach (var stray in account.Strays.Take(sweeps.SelectMany(s => s.Strays)))
        {
            LogStray(stray.Kind, stray.ObjectId, stray.Marks.Owner);
        }

        foreach (var sweep in sweeps)
        {
            if (sweep.Failure is not { } failure)
            {
                account.Silent.Remove(sweep.Provider);
            }
            else if (account.Silent.GetValueOrDefault(sweep.Provider) != failure.Message)
            {
                account.Silent[sweep.Provider] = failure.Message;
                LogSweepFailed(sweep.Provider, failure.Message);
            }
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Owned objects of provider {Provider} could not be listed: {Reason}")]
    private partial void LogSweepFailed(string provider, string reason);

    [LoggerMessage(
        EventId = 1104, Level = LogLevel.Warning,
        Message = "The {Kind} {ObjectId} is there and carries the marks of {Resource}, which is gone or has another; remove it if nobody needs it")]
    private partial void LogStray(string kind, string objectId, string resource);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error, Message = "The watch for drift failed and is begun anew")]
    private partial void LogWatchFailed(Exception failure);

    /// <summary>What is remembered of an account between its sweeps.</summary>
    private sealed class Account(Turns turns)
    {
        public Turns Turns { get; } = turns;

        public Strays Strays { get; } = new();

        /// <summary>By provider: what was told of its silence.</summary>
        public Dictionary<string, string> Silent { get; } = new(StringComparer.Ordinal);

        public Task Sweep { get; set; } = Task.CompletedTask;
    }
}
