using Tarmak.Gateway.Agents;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Engine;

/// <summary>Keeps the engine connected to the relays of all edges, as the inventory has them.</summary>
internal sealed class EdgeFollower(IInventory inventory, RelayConnectorPool relays) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<string, string> edges = new(StringComparer.Ordinal);
        try
        {
            await foreach (var change in inventory.WatchAsync(new InventoryQuery(MachineKind.Capability), 0, stoppingToken))
            {
                if (change.Row is { Address.ResourceKind: ResourceKinds.Edge } edge && Keep(edges, edge))
                {
                    await relays.SetEdgesAsync(edges);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The engine stops; its connectors are disposed with it.
            return;
        }
    }

    private static bool Keep(Dictionary<string, string> edges, InventoryRow edge)
    {
        if (edge.Phase == Phase.Deleted || edge.Outputs is not { } outputs)
        {
            return edges.Remove(edge.Address.Environment);
        }

        var endpoint = ResourceJson.Read<EdgeOutputs>(outputs).RelayEndpoint;
        if (edges.GetValueOrDefault(edge.Address.Environment) == endpoint)
        {
            return false;
        }

        edges[edge.Address.Environment] = endpoint;
        return true;
    }
}
