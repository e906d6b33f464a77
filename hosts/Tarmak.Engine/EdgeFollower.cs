using System.Text.Json;
using Tarmak.Gateway.Agents;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Engine;

/// <summary>Keeps the engine connected to the relays of all edges, as the inventory has them.</summary>
internal sealed partial class EdgeFollower(IInventory inventory, RelayConnectorPool relays, TimeProvider time, ILogger<EdgeFollower> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        LastingLoop.RunAsync(FollowAsync, failure => LogFailed(logger, failure), time, stoppingToken);

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        Dictionary<string, string> edges = new(StringComparer.Ordinal);
        var changed = true;
        await foreach (var change in inventory.WatchAsync(new InventoryQuery(MachineKind.Capability, ResourceKind: ResourceKinds.Edge), 0, stoppingToken))
        {
            if (change.Row is { } edge)
            {
                changed |= Keep(edges, edge);
            }
            else if (change.Row is null && changed)
            {
                // Only when all is told: begun anew, it must not take the edges not told yet for gone.
                await relays.SetEdgesAsync(edges);
                changed = false;
            }
        }
    }

    private bool Keep(Dictionary<string, string> edges, InventoryRow edge)
    {
        if (edge.Phase == Phase.Deleted || edge.Outputs is not { } outputs)
        {
            return edges.Remove(edge.Address.Environment);
        }

        try
        {
            var endpoint = ResourceJson.Read<EdgeOutputs>(outputs).RelayEndpoint;
            var moved = edges.GetValueOrDefault(edge.Address.Environment) != endpoint;
            edges[edge.Address.Environment] = endpoint;
            return moved;
        }
        catch (JsonException malformed)
        {
            LogUnreadable(logger, edge.Address.Shown, malformed.Message);
            return false;
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "Following the edges failed and is begun anew.")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(3102, LogLevel.Error, "The outputs of {Edge} cannot be read, so its relay stays as it was: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string edge, string reason);
}
