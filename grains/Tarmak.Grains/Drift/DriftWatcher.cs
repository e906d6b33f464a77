using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>
/// Notices what differs from the inventory, and wakes only that: by the provider's events, and by comparing the list
/// of owned objects at a cadence, for events that were missed. It decides nothing; every nudge is a hint.
/// </summary>
/// <param name="providers">The providers in use.</param>
/// <param name="inventory">What there should be.</param>
/// <param name="store">Knows which machines are not at rest.</param>
/// <param name="grains">Leads to them.</param>
/// <param name="check">Compares and wakes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class DriftWatcher(
    ProviderCatalog providers, IInventory inventory, IMachineStore store, IGrainFactory grains, DriftCheck check, TimeProvider time, ILogger<DriftWatcher> logger) : BackgroundService
{
    /// <summary>How often owned objects are listed.</summary>
    public static readonly TimeSpan Cadence = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, (IProvider Provider, CancellationTokenSource Stop)> followed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await OpenProvidersInUseAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var sweptAt = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Follow(stoppingToken);
                if (time.GetElapsedTime(sweptAt) >= Cadence)
                {
                    foreach (var (name, provider) in providers.Opened)
                    {
                        await SweepAsync(name, provider, stoppingToken);
                    }

                    sweptAt = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>After a start, providers are opened by those who use them; whoever sleeps is watched over all the same.</summary>
    private async Task OpenProvidersInUseAsync(CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability), cancellationToken);
        foreach (var name in page.Rows.Select(r => r.Row.Provider).Where(p => p is not null and not EngineProvider.Name).Distinct())
        {
            try
            {
                await providers.GetAsync(name!, cancellationToken);
            }
            catch (ProviderException refused)
            {
                LogSweepFailed(name!, refused.Message);
            }
        }

        // What was under way when the engine stopped goes on now, not at the next reminder: being asked wakes it.
        foreach (var address in await store.ListRestlessAsync(cancellationToken))
        {
            grains.Machine(address).StatusAsync().Ignore();
        }

        foreach (var (name, provider) in providers.Opened)
        {
            await SweepAsync(name, provider, cancellationToken);
        }
    }

    private void Follow(CancellationToken stoppingToken)
    {
        var opened = providers.Opened.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        foreach (var (name, (provider, stop)) in followed.ToList())
        {
            if (!opened.TryGetValue(name, out var present) || !ReferenceEquals(present, provider))
            {
                stop.Cancel();
                stop.Dispose();
                followed.Remove(name);
            }
        }

        foreach (var (name, provider) in opened)
        {
            if (provider.Watch is { } watch && !followed.ContainsKey(name))
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                followed[name] = (provider, stop);
                _ = ListenAsync(name, watch, stop.Token);
            }
        }
    }

    private async Task ListenAsync(string name, IObjectWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var marks in watch.WatchAsync(cancellationToken))
            {
                check.Nudge(new MachineAddress(MachineKind.Capability, marks.Owner));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The watch was ended.
        }
        catch (ProviderException refused)
        {
            // Events are hints; the sweep goes on without them.
            LogWatchEnded(name, refused.Message);
        }
    }

    private async Task SweepAsync(string name, IProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            await check.SweepAsync(name, provider, cancellationToken);
        }
        catch (ProviderException refused)
        {
            LogSweepFailed(name, refused.Message);
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Owned objects of provider {Provider} could not be listed: {Reason}")]
    private partial void LogSweepFailed(string provider, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Events of provider {Provider} ended: {Reason}")]
    private partial void LogWatchEnded(string provider, string reason);
}
