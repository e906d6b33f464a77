using Google.Protobuf;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>Capability ObjectStorage by a plugin.</summary>
internal sealed class PluginObjectStorage(PluginAccount account, IResourceDriver<BucketSpec> buckets) : IObjectStorage
{
    private readonly PluginCalls calls = account.Calls;

    /// <inheritdoc/>
    public IResourceDriver<BucketSpec> Buckets => buckets;

    /// <inheritdoc/>
    public async Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        const string Method = "ObjectStorage.Get";
        var request = new V1.GetObjectRequest { Account = account.Message, BucketId = bucketId, Key = key };
        var answer = await calls.SendAgainableAsync(Method, key, (i, o) => new V1.ObjectStorage.ObjectStorageClient(i).GetAsync(request, o), cancellationToken).ConfigureAwait(false);
        return answer.Refusal is { } refusal ? throw Refusals.Of(calls, refusal, Method, key)
            : answer.Object is not { } found ? null
            : Untrusted.IsName(found.Etag) ? new StoredObject(found.Content.Memory, found.Etag)
            : throw calls.Garbage(Method, key, "an ETag that is none");
    }

    /// <inheritdoc/>
    public async Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken)
    {
        const string Method = "ObjectStorage.Put";
        var request = new V1.PutObjectRequest
        {
            Account = account.Message,
            BucketId = bucketId,
            Key = key,
            Content = UnsafeByteOperations.UnsafeWrap(content),
            Condition = condition is null ? null : new V1.PutCondition { IfMatch = condition.IfMatch ?? "" },
        };
        var answer = await calls.SendAgainableAsync(Method, key, (i, o) => new V1.ObjectStorage.ObjectStorageClient(i).PutAsync(request, o), cancellationToken).ConfigureAwait(false);
        return answer.Refusal is { } refusal ? throw Refusals.Of(calls, refusal, Method, key)
            : answer.Etag.Length == 0 && condition is not null ? null
            : Untrusted.IsName(answer.Etag) ? answer.Etag
            : throw calls.Garbage(Method, key, "an ETag that is none");
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        const string Method = "ObjectStorage.Delete";
        var request = new V1.DeleteObjectRequest { Account = account.Message, BucketId = bucketId, Key = key };
        var answer = await calls.SendAgainableAsync(Method, key, (i, o) => new V1.ObjectStorage.ObjectStorageClient(i).DeleteAsync(request, o), cancellationToken).ConfigureAwait(false);
        if (answer.Refusal is { } refusal)
        {
            throw Refusals.Of(calls, refusal, Method, key);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken)
    {
        const string Method = "ObjectStorage.List";
        return new PagedList(calls, Method, $"{prefix}*").ReadNamesAsync(prefix, token =>
        {
            var request = new V1.ListObjectsRequest { Account = account.Message, BucketId = bucketId, Prefix = prefix, PageToken = token };
            return calls.SendAgainableAsync(Method, $"{prefix}*", (i, o) => new V1.ObjectStorage.ObjectStorageClient(i).ListAsync(request, o), cancellationToken);
        });
    }
}
