using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Moves;

/// <summary>Says where an environment's objects of one use are, from what its machines committed.</summary>
/// <param name="inventory">Has the environments, their bindings, buckets and copies.</param>
public sealed class StoragePlaces(IInventory inventory)
{
    private readonly BindingPlaces places = new(inventory);

    /// <summary>Where the objects of a use are.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="use">One of <see cref="OverrideKeys.StorageUses"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The place; null where there is none yet, or none any more.</returns>
    /// <exception cref="ProviderException">There is no such environment.</exception>
    internal async Task<PlacedStorage?> FindAsync(string environment, string use, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await places.FindAsync(environment, use, ResourceKinds.ObjectCopy, use, cancellationToken).ConfigureAwait(false);
            if (await BucketAsync(environment, use, found.Place, found.ProviderOf(found.Place), cancellationToken).ConfigureAwait(false) is { } inForce)
            {
                List<PlacedBucket> copies = [];
                foreach (var place in found.Copies)
                {
                    if (await BucketAsync(environment, use, place, found.ProviderOf(place), cancellationToken).ConfigureAwait(false) is { } copy)
                    {
                        copies.Add(copy);
                    }
                }

                return new PlacedStorage(inForce, [.. copies]);
            }

            // It went because another place is in force since, or there is none.
            var now = await places.FindAsync(environment, use, ResourceKinds.ObjectCopy, use, cancellationToken).ConfigureAwait(false);
            if (now.Place == found.Place)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The bucket that was recorded as the one in force; null where none was, because nothing was ever bound anew, or where it
    /// was never made, so that it never held anything.
    /// </summary>
    internal async Task<PlacedBucket?> RecordedAsync(string environment, string use, CancellationToken cancellationToken) =>
        await places.RecordedAsync(environment, use, cancellationToken).ConfigureAwait(false) is { } recorded
            ? await BucketAsync(environment, use, recorded.Place, recorded.Provider, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Whether an environment is being deleted, or is gone.</summary>
    internal async Task<bool> IsLeavingAsync(string environment, CancellationToken cancellationToken) =>
        await places.RowAsync(MachineAddress.OfEnvironment(environment), cancellationToken).ConfigureAwait(false) is not { Deleting: false };

    private async Task<PlacedBucket?> BucketAsync(string environment, string use, int place, string provider, CancellationToken cancellationToken)
    {
        var address = MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.Bucket, BoundPlace.TitleOf(use, place));
        return await places.RowAsync(address, cancellationToken).ConfigureAwait(false) is { Outputs: { } outputs, Deleting: false }
            ? new PlacedBucket(place, provider, ResourceJson.Read<BucketOutputs>(outputs).BucketId)
            : null;
    }
}
