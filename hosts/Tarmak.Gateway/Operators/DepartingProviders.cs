using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Lets providers go that were asked to while environments were still leaving them, each once the last one is gone. Which
/// they are is stored with them; what is here only says when to look.
/// </summary>
internal sealed partial class DepartingProviders(IInventory inventory, IGrainFactory grains, TimeProvider time, ILogger<DepartingProviders> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        LastingLoop.RunAsync(FollowAsync, failure => LogFailed(logger, failure), time, stoppingToken);

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in inventory.WatchAsync(new InventoryQuery(MachineKind.Environment), 0, stoppingToken))
        {
            // The first mark that all was told finds what a stopped engine left; then each environment that goes counts.
            if (change.Row is null or { Phase: Phase.Deleted })
            {
                foreach (var name in await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).LetGoAsync().WaitAsync(stoppingToken))
                {
                    LogGone(logger, name);
                }
            }
        }
    }

    [LoggerMessage(2011, LogLevel.Information, "Provider {Provider} is deleted; the last environment has left it.")]
    private static partial void LogGone(ILogger logger, string provider);

    [LoggerMessage(2012, LogLevel.Error, "Following environments that leave their providers failed and is begun anew.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
