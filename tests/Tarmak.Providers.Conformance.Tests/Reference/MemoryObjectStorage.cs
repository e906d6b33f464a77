using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Object storage as it should be. A wrong one differs in one method.</summary>
internal class MemoryObjectStorage : IObjectStorage
{
    public MemoryObjectStorage(MemoryBuckets? buckets = null) => Made = buckets ?? new MemoryBuckets();

    public MemoryBuckets Made { get; }

    public IResourceDriver<BucketSpec> Buckets => Made;

    protected Lock Gate { get; } = new();

    protected SortedDictionary<(string Bucket, string Key), StoredObject> Objects { get; } =
        new(Comparer<(string Bucket, string Key)>.Create((a, b) => (string.CompareOrdinal(a.Bucket, b.Bucket), string.CompareOrdinal(a.Key, b.Key)) switch { (0, var key) => key, (var bucket, _) => bucket }));

    protected int Writes { get; set; }

    public virtual Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        CheckBucket(bucketId);
        lock (Gate)
        {
            return Task.FromResult(Objects.GetValueOrDefault((bucketId, key)));
        }
    }

    public virtual async Task<string?> PutAsync(
        string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken)
    {
        CheckBucket(bucketId);
        await Task.Yield();
        lock (Gate)
        {
            return condition is null || condition.IfMatch == Objects.GetValueOrDefault((bucketId, key))?.ETag ? Write(bucketId, key, content) : null;
        }
    }

    public virtual Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        CheckBucket(bucketId);
        lock (Gate)
        {
            Objects.Remove((bucketId, key));
        }

        return Task.CompletedTask;
    }

    public virtual Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken)
    {
        CheckBucket(bucketId);
        lock (Gate)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. Objects.Keys.Where(k => k.Bucket == bucketId && k.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k.Key)]);
        }
    }

    protected virtual void CheckBucket(string bucketId)
    {
        if (!Made.Has(bucketId))
        {
            throw new ProviderException(ErrorClass.NotFound, $"There is no bucket {bucketId}.");
        }
    }

    protected virtual string Write(string bucketId, string key, ReadOnlyMemory<byte> content)
    {
        var etag = (++Writes).ToString(CultureInfo.InvariantCulture);
        Objects[(bucketId, key)] = new StoredObject(content.ToArray(), etag);
        return etag;
    }
}
