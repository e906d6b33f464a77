using System.Threading.Channels;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Providers that were asked to go while environments are still leaving them: each is deleted once the last one is gone.
/// It is remembered in memory only; after a restart the same command asks again.
/// </summary>
internal sealed partial class DepartingProviders(IInventory inventory, IGrainFactory grains, ILogger<DepartingProviders> logger) : BackgroundService
{
    private readonly Channel<string> names = Channel.CreateUnbounded<string>();

    public void Add(string name) => names.Writer.TryWrite(name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var name in names.Reader.ReadAllAsync(stoppingToken))
        {
            await FollowAsync(name, stoppingToken);
        }
    }

    private async Task FollowAsync(string name, CancellationToken stoppingToken)
    {
        var query = new InventoryQuery(MachineKind.Environment);
        await foreach (var change in inventory.WatchAsync(query, 0, stoppingToken))
        {
            if (change.Row is { Phase: not Phase.Deleted })
            {
                continue;
            }

            var result = await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).DeleteAsync(name).WaitAsync(stoppingToken);
            if (result.Refusal is null)
            {
                LogGone(logger, name);
                return;
            }

            LogWaits(logger, name, result.Refusal);
        }
    }

    [LoggerMessage(2011, LogLevel.Information, "Provider {Provider} is deleted; the last environment has left it.")]
    private static partial void LogGone(ILogger logger, string provider);

    [LoggerMessage(2012, LogLevel.Debug, "Provider {Provider} is to be deleted and waits: {Why}")]
    private static partial void LogWaits(ILogger logger, string provider, string why);
}
