using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Agents;

/// <summary>Finds the bundle in force through the inventory.</summary>
/// <param name="inventory">Has the bundles.</param>
/// <param name="directory">Knows which instance an identity is.</param>
public sealed class InstanceBundles(IInventory inventory, IAgentDirectory directory) : IInstanceBundles
{
    /// <inheritdoc/>
    public async Task<BundleStanding> CurrentAsync(string instanceUid, CancellationToken cancellationToken)
    {
        if (await QueryAsync(instanceUid, cancellationToken) is not { } query)
        {
            return new BundleStanding.NoMachine();
        }

        var page = await inventory.ListAsync(query, cancellationToken);
        return page.Rows.Count > 0 && Bundle(page.Rows[0].Row, instanceUid) is { } bundle
            ? new BundleStanding.InForce(bundle)
            : new BundleStanding.Changing();
    }

    /// <inheritdoc/>
    public async Task WaitForChangeAsync(string instanceUid, string? heldHash, CancellationToken cancellationToken)
    {
        if (await QueryAsync(instanceUid, cancellationToken) is not { } query)
        {
            return;
        }

        var page = await inventory.ListAsync(query, cancellationToken);
        if (page.Rows.Count > 0 && Bundle(page.Rows[0].Row, instanceUid)?.Hash is { } hash && hash != heldHash)
        {
            return;
        }

        await foreach (var change in inventory.WatchAsync(query, page.Revision, cancellationToken))
        {
            if (change.Row is not null)
            {
                return;
            }
        }
    }

    private static InstanceBundle? Bundle(InventoryRow row, string instanceUid)
    {
        var spec = ResourceJson.Read<BundleSpec>(row.Spec);
        return row.Phase != Phase.Ready || row.Outputs is null || spec.InstanceUid != instanceUid
            ? null
            : new InstanceBundle { Hash = ResourceJson.Read<BundleOutputs>(row.Outputs).Hash, Spec = spec };
    }

    private async Task<InventoryQuery?> QueryAsync(string instanceUid, CancellationToken cancellationToken) =>
        await directory.FindByInstanceAsync(instanceUid, cancellationToken) is { } agent
            ? new InventoryQuery(MachineKind.Capability, Key: $"{agent.Instance}#{ResourceKinds.Bundle}/main")
            : null;
}
