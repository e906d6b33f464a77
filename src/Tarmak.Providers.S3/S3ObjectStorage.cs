using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3;

/// <summary>Capability ObjectStorage by S3's own means.</summary>
internal sealed class S3ObjectStorage(S3Server server) : IObjectStorage
{
    /// <inheritdoc/>
    public IResourceDriver<BucketSpec> Buckets { get; } = new BucketDriver(server);

    /// <inheritdoc/>
    public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) =>
        server.ReadAsync(bucketId, ObjectKeys.Stored(key), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> PutAsync(
        string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        switch (await server.WriteAsync(bucketId, ObjectKeys.Stored(key), content, condition, cancellationToken).ConfigureAwait(false))
        {
            case PutOutcome.Stored { ETag: var etag }:
                return etag;
            case PutOutcome.Refused:
                return null;
            case PutOutcome.Crossed:
                // The other write decides whether the condition still holds.
                var now = await GetAsync(bucketId, key, cancellationToken).ConfigureAwait(false);
                return now?.ETag != condition!.IfMatch
                    ? null
                    : throw new ProviderException(ErrorClass.Transient, $"Object {key} of bucket {bucketId} was written at the same time at S3 server {server.Shown}, and nothing was changed.");
            default:
                throw new ProviderException(ErrorClass.Terminal, $"Writing object {key} of bucket {bucketId}: S3 server {server.Shown} does no conditional writes any more; bind the object storage to one that does.");
        }
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var stored = ObjectKeys.Stored(key);
        var before = await VersionsAsync(bucketId, stored, cancellationToken).ConfigureAwait(false);
        if (before.Count == 0 || await server.DeleteAsync(bucketId, stored, cancellationToken).ConfigureAwait(false) is not { } mark)
        {
            return true;
        }

        // Readers see none since the mark, which goes last: no older version comes to light. What was written over it stays.
        var now = await VersionsAsync(bucketId, stored, cancellationToken).ConfigureAwait(false);
        var isNewest = now.Any(v => v.Id == mark && v.IsNewest);
        foreach (var version in (isNewest ? now.Where(v => v.Id != mark) : before).Append(new ObjectVersion(stored, mark)))
        {
            await server.DeleteAsync(bucketId, version, cancellationToken).ConfigureAwait(false);
        }

        return true;
    });

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken)
    {
        var stored = await server.KeysAsync(bucketId, ObjectKeys.StoredPrefix(prefix), cancellationToken).ConfigureAwait(false);
        return
        [
            .. stored.Where(k => !k.StartsWith(ObjectKeys.Own, StringComparison.Ordinal)).Select(ObjectKeys.Of)
                .Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ReplyLostException lost)
        {
            throw new ProviderException(ErrorClass.Transient, lost.Message, lost);
        }
    }

    /// <summary>The versions of one object, marks of deletions among them.</summary>
    private async Task<IReadOnlyList<ObjectVersion>> VersionsAsync(string bucketId, string stored, CancellationToken cancellationToken)
    {
        List<ObjectVersion> versions = [];
        await foreach (var page in server.VersionsAsync(bucketId, stored, cancellationToken).ConfigureAwait(false))
        {
            versions.AddRange(page.Where(v => v.Key == stored));

            // A key comes before those that begin like it.
            if (page.Any(v => v.Key != stored))
            {
                break;
            }
        }

        return versions;
    }
}
