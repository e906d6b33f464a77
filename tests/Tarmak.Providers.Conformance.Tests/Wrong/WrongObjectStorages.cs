using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Object storages, each wrong in one way.</summary>
internal static class WrongObjectStorages
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("writes over an object on the condition of absence", "put-where-absent-holds-its-condition", new IgnoresAbsence()),
        Of("ignores the ETag of a condition", "put-over-a-stale-etag-changes-nothing", new IgnoresETag()),
        Of("gives every version of an object one ETag", "put-again-reads-as-the-newest", new OneETag()),
        Of("fails to delete what is not there", "delete-removes-every-version", new FailsOnAbsent()),
        Of("deletes what lies below", "delete-leaves-the-neighbours", new DeletesBelow()),
        Of("unescapes keys", "keys-are-taken-literally", new Unescapes()),
        Of("lists one page", "list-is-whole-and-in-order", new ListsAPage()),
        Of("reads nothing from a bucket that is not there", "no-bucket-is-told", new KnowsNoBuckets()),
    ];

    private static WrongDriver Of(string what, string caught, MemoryObjectStorage storage) => new(what, $"objectStorage/{caught}", MemoryCloud.Of(storage: storage).Open);

    private sealed class IgnoresAbsence : MemoryObjectStorage
    {
        public override Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) =>
            base.PutAsync(bucketId, key, content, condition?.IfMatch is null ? null : condition, cancellationToken);
    }

    private sealed class IgnoresETag : MemoryObjectStorage
    {
        public override Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) =>
            base.PutAsync(bucketId, key, content, condition?.IfMatch is null ? condition : null, cancellationToken);
    }

    private sealed class OneETag : MemoryObjectStorage
    {
        protected override string Write(string bucketId, string key, ReadOnlyMemory<byte> content)
        {
            Objects[(bucketId, key)] = new StoredObject(content.ToArray(), key);
            return key;
        }
    }

    private sealed class FailsOnAbsent : MemoryObjectStorage
    {
        public override Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Objects.Remove((bucketId, key)) ? Task.CompletedTask : throw new ProviderException(ErrorClass.NotFound, $"There is no object {key}.");
            }
        }
    }

    private sealed class DeletesBelow : MemoryObjectStorage
    {
        public override Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                foreach (var hit in Objects.Keys.Where(k => k.Bucket == bucketId && (k.Key == key || k.Key.StartsWith(key + "/", StringComparison.Ordinal))).ToList())
                {
                    Objects.Remove(hit);
                }
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Unescapes : MemoryObjectStorage
    {
        public override Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) =>
            base.GetAsync(bucketId, Uri.UnescapeDataString(key), cancellationToken);

        public override Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) =>
            base.PutAsync(bucketId, Uri.UnescapeDataString(key), content, condition, cancellationToken);
    }

    private sealed class ListsAPage : MemoryObjectStorage
    {
        public override async Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) =>
            [.. (await base.ListAsync(bucketId, prefix, cancellationToken)).Take(50)];
    }

    private sealed class KnowsNoBuckets : MemoryObjectStorage
    {
        protected override void CheckBucket(string bucketId)
        {
        }
    }
}
