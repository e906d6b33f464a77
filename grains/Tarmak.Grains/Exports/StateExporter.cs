using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Storage;
using Tarmak.Providers;

namespace Tarmak.Grains.Exports;

/// <summary>
/// Keeps each environment's export up with what its machines commit: soon after a change, and once for a burst of them. An
/// environment whose store does not answer waits alone, longer each time.
/// </summary>
internal sealed partial class StateExporter(
    ExportServices services, EngineDatabase database, ExportStandings standings, ExportInstruments instruments, ILogger<StateExporter> logger) : BackgroundService
{
    /// <summary>An environment is exported when nothing of it changed for so long …</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>… or when its first change is so old.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked whether a provider's manifest changed, of which no machine tells.</summary>
    public static readonly TimeSpan ProviderCadence = TimeSpan.FromMinutes(1);

    // Each call has its store's own deadline; this one is for a whole environment, part by part.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LastDeadline = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ExportTurn> turns = new(StringComparer.Ordinal);
    private long seen;
    private bool begun;
    private long lookedAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await LastingLoop.RunAsync(FollowAsync, LogLoopFailed, services.Time, stoppingToken).ConfigureAwait(false);
        await FinishAsync().ConfigureAwait(false);
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        using var watch = database.Feed.Watch(null, static _ => true);
        while (true)
        {
            var next = watch.Next;
            await CollectAsync(stoppingToken).ConfigureAwait(false);
            Begin(stoppingToken);
            await WaitAsync(next, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        var now = services.Time.GetTimestamp();
        if (!begun)
        {
            // What was exported before this process is in the indexes.
            seen = (await services.Store.ChangedAsync(long.MaxValue, cancellationToken).ConfigureAwait(false)).Revision;
            await LookAtAllAsync(now, cancellationToken).ConfigureAwait(false);
            begun = true;
            return;
        }

        var changes = await services.Store.ChangedAsync(seen, cancellationToken).ConfigureAwait(false);
        seen = changes.Revision;
        foreach (var (environment, cluster) in changes.Parts)
        {
            Turn(environment).Changed(cluster, now);
        }

        if (services.Time.GetElapsedTime(lookedAt, now) >= ProviderCadence)
        {
            await LookAtAllAsync(now, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LookAtAllAsync(long now, CancellationToken cancellationToken)
    {
        foreach (var environment in await services.Store.EnvironmentsAsync(cancellationToken).ConfigureAwait(false))
        {
            Turn(environment).LookDue(now);
        }

        lookedAt = now;
    }

    private ExportTurn Turn(string environment)
    {
        if (!turns.TryGetValue(environment, out var turn))
        {
            turns[environment] = turn = new ExportTurn(environment, new EnvironmentExport(environment, services), services.Time);
        }

        return turn;
    }

    private void Begin(CancellationToken stoppingToken)
    {
        foreach (var turn in turns.Values.Where(t => t.IsDue()))
        {
            turn.Running = ExportAsync(turn, Deadline, stoppingToken);
        }
    }

    private async Task WaitAsync(Task next, CancellationToken stoppingToken)
    {
        var running = turns.Values.Select(t => t.Running).Where(t => !t.IsCompleted).ToList();
        var due = turns.Values.Select(t => t.DueIn()).OfType<TimeSpan>().Append(ProviderCadence).Min();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var delay = Task.Delay(due, services.Time, ended.Token);
        await Task.WhenAny([next, delay, .. running]).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        stoppingToken.ThrowIfCancellationRequested();
    }

    /// <summary>What changed last is exported before the process ends, if the stores answer at once.</summary>
    private async Task FinishAsync()
    {
        await Task.WhenAll(turns.Values.Select(t => t.Running)).ConfigureAwait(false);
        if (begun)
        {
            await CollectAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.WhenAll(turns.Values.Where(t => t.HasChanges).Select(t => ExportAsync(t, LastDeadline, CancellationToken.None))).ConfigureAwait(false);
        }
    }

    private async Task ExportAsync(ExportTurn turn, TimeSpan limit, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(limit, services.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, deadline.Token);
        var begunAt = services.Time.GetTimestamp();
        var work = turn.Take();
        try
        {
            var index = await turn.Export.WriteAsync(work.Clusters, ended.Token).ConfigureAwait(false);
            turn.Succeeded();
            standings.Set(turn.Environment, index is null ? null : new ExportStanding(index.At, turn.BehindSince, null));
            instruments.Ended(services.Time.GetElapsedTime(begunAt), "written");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The boundary of one environment's turn: it is told, and tried again.
            turn.Failed(work);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            var reason = failure is OperationCanceledException ? $"The store did not take it within {limit.TotalMinutes:0} min." : failure.Message;
            if (standings.Fail(turn.Environment, turn.BehindSince ?? services.Time.GetUtcNow(), reason))
            {
                LogFailed(failure is ProviderException or ExportTakenOverException or OperationCanceledException ? null : failure, turn.Environment, reason);
            }

            instruments.Ended(services.Time.GetElapsedTime(begunAt), failure is ExportTakenOverException ? "taken-over" : "failed");
        }
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Error, Message = "Environment {Environment} could not be exported, and cannot be recovered as it is now: {Reason} It is tried again; this is not logged again until it changes.")]
    private partial void LogFailed(Exception? failure, string environment, string reason);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "Following what is to be exported failed and is begun anew.")]
    private partial void LogLoopFailed(Exception failure);
}
