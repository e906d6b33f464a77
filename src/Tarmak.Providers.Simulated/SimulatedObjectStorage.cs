using System.Globalization;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;

namespace Tarmak.Providers.Simulated;

/// <summary>Buckets of the account. What was written into one is read at once; the bucket itself may take its time to show.</summary>
/// <param name="calls">The way to the cloud.</param>
/// <param name="buckets">The driver of buckets.</param>
internal sealed class SimulatedObjectStorage(StoreCalls calls, IResourceDriver<BucketSpec> buckets) : IObjectStorage
{
    /// <inheritdoc/>
    public IResourceDriver<BucketSpec> Buckets => buckets;

    /// <inheritdoc/>
    public async Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(Of(CloudMethod.ReadContent, bucketId, key), cancellationToken).ConfigureAwait(false);
        return reply.Records is [var found] ? new StoredObject(found.Value, ETagOf(found)) : null;
    }

    /// <inheritdoc/>
    public async Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken)
    {
        // An ETag this cloud never gave is nobody's version.
        long? expected = condition is null ? null : condition.IfMatch is not { } etag ? 0
            : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
        var reply = await calls.AskAsync(Of(CloudMethod.WriteContent, bucketId, key) with { Content = content.ToArray(), Version = expected }, cancellationToken).ConfigureAwait(false);
        return reply.Held ? ETagOf(reply.Records[0]) : null;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) =>
        calls.AskAsync(Of(CloudMethod.DeleteContent, bucketId, key), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(Of(CloudMethod.ListContents, bucketId, prefix), cancellationToken).ConfigureAwait(false);
        return [.. reply.Records.Select(r => r.Key)];
    }

    private static CloudRequest Of(CloudMethod method, string bucketId, string key) => new(method, CloudRequest.Contents) { Id = bucketId, Name = key };

    private static string ETagOf(CloudRecord found) => found.Version.ToString(CultureInfo.InvariantCulture);
}
