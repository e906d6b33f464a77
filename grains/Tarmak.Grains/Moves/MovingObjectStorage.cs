using Tarmak.Grains.Providers;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// An environment's objects of one use, wherever they are: whoever reads or writes them does it here. The place in force is
/// read before and after each operation, and where it changed meanwhile the operation is done again at the new one.
/// </summary>
/// <param name="environment">Environment name.</param>
/// <param name="use"><c>state</c> or <c>backups</c>.</param>
/// <param name="places">Says where they are.</param>
/// <param name="providers">The bound providers.</param>
public sealed class MovingObjectStorage(string environment, string use, StoragePlaces places, IProviders providers)
{
    /// <summary>Whether there is a bucket for them.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False where there is none yet, or none any more.</returns>
    /// <exception cref="ProviderException">There is no such environment.</exception>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) => await places.FindAsync(environment, use, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Reads an object.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object, or null where there is none. Its ETag is of the place in force.</returns>
    /// <exception cref="ProviderException">The environment or its bucket is not there, or the store did not answer or refused.</exception>
    public Task<StoredObject?> GetAsync(string key, CancellationToken cancellationToken) => SettledAsync<StoredObject?>(async (placed, _) =>
        await (await OpenAsync(placed.InForce, cancellationToken).ConfigureAwait(false)).GetAsync(placed.InForce.BucketId, key, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Keys that start with a prefix, in order.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="ProviderException">The environment or its bucket is not there, or the store did not answer or refused.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => SettledAsync<IReadOnlyList<string>>(async (placed, _) =>
    {
        var storage = await OpenAsync(placed.InForce, cancellationToken).ConfigureAwait(false);
        var keys = await storage.ListAsync(placed.InForce.BucketId, prefix, cancellationToken).ConfigureAwait(false);
        return [.. keys.Where(key => !ObjectCopyPlace.IsProbe(key))];
    }, cancellationToken);

    /// <summary>Writes an object as a new version, also to the copies that may be in force next.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="content">The content.</param>
    /// <param name="condition">What must hold for the write; null: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The new version's ETag at the place in force, or null where the condition did not hold.</returns>
    /// <exception cref="ProviderException">The environment or its bucket is not there, or the store did not answer or refused.</exception>
    public async Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken)
    {
        var written = await SettledAsync<Written>(async (placed, before) =>
        {
            // What was written is so wherever the objects are now: ETags are of a place.
            var held = before?.ETag is null ? condition : null;
            var storage = await OpenAsync(placed.InForce, cancellationToken).ConfigureAwait(false);
            var etag = await storage.PutAsync(placed.InForce.BucketId, key, content, held, cancellationToken).ConfigureAwait(false);
            if (etag is not null)
            {
                await FollowAsync(key, placed, cancellationToken).ConfigureAwait(false);
            }

            return new Written(etag);
        }, cancellationToken).ConfigureAwait(false);
        return written.ETag;
    }

    /// <summary>Deletes an object, also in the copies that may be in force next; absent is success.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">The environment or its bucket is not there, or the store did not answer or refused.</exception>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => SettledAsync<bool>(async (placed, _) =>
    {
        var storage = await OpenAsync(placed.InForce, cancellationToken).ConfigureAwait(false);
        await storage.DeleteAsync(placed.InForce.BucketId, key, cancellationToken).ConfigureAwait(false);
        await FollowAsync(key, placed, cancellationToken).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    /// <summary>Makes the copies of an object what it is at the place in force.</summary>
    private async Task FollowAsync(string key, PlacedStorage placed, CancellationToken cancellationToken)
    {
        foreach (var copy in placed.Copies)
        {
            await Copying.OneAsync(
                key,
                new ObjectCopyPlace(placed.InForce.BucketId, await OpenAsync(placed.InForce, cancellationToken).ConfigureAwait(false)),
                new ObjectCopyPlace(copy.BucketId, await OpenAsync(copy, cancellationToken).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<IObjectStorage> OpenAsync(PlacedBucket bucket, CancellationToken cancellationToken) => providers.ObjectStorageAsync(bucket.Provider, cancellationToken);

    private Task<T> SettledAsync<T>(Func<PlacedStorage, T?, Task<T>> operation, CancellationToken cancellationToken) => Settling.RunAsync(async () =>
        await places.FindAsync(environment, use, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ErrorClass.DependencyMissing, $"Environment {environment} has no bucket for {use} yet."), operation);

    private sealed record Written(string? ETag);
}
