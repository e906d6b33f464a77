using Tarmak.Grains.Inventory;
using Tarmak.Machines.State;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Follows the inventory. Providers have no changes to follow; a watch that asks for them gets the present ones once.</summary>
internal sealed class Watching(IInventory inventory, Listing listing)
{
    public async Task WatchAsync(V1.ListRequest request, Func<V1.WatchResponse, Task> send, CancellationToken cancellationToken)
    {
        var kind = KindNames.Parse(request.Kind);
        var providers = Queries.Providers(request, kind);
        if (request.AfterRevision == 0 && (providers.Only || providers.Also))
        {
            foreach (var resource in await listing.ProvidersAsync(request.Name, cancellationToken))
            {
                await send(new V1.WatchResponse { Resource = resource });
            }
        }

        var query = providers.Only ? new InventoryQuery(Key: Documents.NoKey) : Queries.Of(request, kind);
        await foreach (var change in inventory.WatchAsync(query, request.AfterRevision, cancellationToken))
        {
            await send(change.Row is { } row
                ? new V1.WatchResponse
                {
                    Resource = ResourceMapper.Map(new VersionedRow(row, change.Revision)),
                    Deleted = row.Phase == Phase.Deleted,
                    Revision = change.Revision,
                }
                : new V1.WatchResponse { Revision = change.Revision, CaughtUp = true });
        }
    }
}
