using Tarmak.Grains.Inventory;
using Tarmak.Machines;

namespace Tarmak.Gateway.Operators;

/// <summary>Finds rows by key, and says it plainly when they are not there.</summary>
internal sealed class ClusterLookup(IInventory inventory)
{
    /// <exception cref="Grpc.Core.RpcException">There is none.</exception>
    public async Task<InventoryRow> GetAsync(MachineKind kind, string key, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(kind, Key: key), cancellationToken);
        return page.Rows is [var found, ..] ? found.Row : throw Refusal.NotFound($"There is no {KindNames.Of(kind)} {KeyText.Shown(key)}.");
    }

    public async Task<IReadOnlyList<InventoryRow>> UnderAsync(MachineKind kind, string key, CancellationToken cancellationToken) =>
        [.. (await inventory.ListAsync(new InventoryQuery(kind, Under: key), cancellationToken)).Rows.Select(r => r.Row)];
}
