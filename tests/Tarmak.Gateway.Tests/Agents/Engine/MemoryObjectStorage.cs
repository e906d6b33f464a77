using System.Collections.Concurrent;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>Objects in memory.</summary>
internal sealed class MemoryObjectStorage : IObjectStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public IResourceDriver<BucketSpec> Buckets { get; } = new MemoryBuckets();

    public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) =>
        Task.FromResult(_objects.TryGetValue($"{bucketId}/{key}", out byte[]? content) ? new StoredObject(content, "1") : null);

    public Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken)
    {
        _objects[$"{bucketId}/{key}"] = content.ToArray();
        return Task.FromResult<string?>("1");
    }

    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        _objects.TryRemove($"{bucketId}/{key}", out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _objects.Keys.Where(key => key.StartsWith($"{bucketId}/{prefix}", StringComparison.Ordinal)).Select(key => key[(bucketId.Length + 1)..]).Order(StringComparer.Ordinal)]);
}
