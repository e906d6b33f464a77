using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>The objects of one bucket.</summary>
/// <param name="bucketId">The bucket.</param>
/// <param name="storage">Where it is.</param>
internal sealed class ObjectCopyPlace(string bucketId, IObjectStorage storage) : CopyPlace
{
    /// <summary>What the keys begin with that the engine tries a bucket by. They are nobody's objects.</summary>
    public const string Probes = "probe/";

    /// <summary>Whether a key is of such a trial.</summary>
    public static bool IsProbe(string key) => key.StartsWith(Probes, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await storage.ListAsync(bucketId, "", cancellationToken).ConfigureAwait(false)).Where(key => !IsProbe(key))];

    /// <inheritdoc/>
    public override async Task<CopiedValue?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await storage.GetAsync(bucketId, name, cancellationToken).ConfigureAwait(false) is { } stored ? new CopiedValue(stored.Content, stored.ETag) : null;

    /// <inheritdoc/>
    public override async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? over, CancellationToken cancellationToken) =>
        await storage.PutAsync(bucketId, name, content, new PutCondition(over), cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public override Task DeleteAsync(string name, CancellationToken cancellationToken) => storage.DeleteAsync(bucketId, name, cancellationToken);

    /// <inheritdoc/>
    public override string ProbeOf(string uid) => $"{Probes}{uid}";
}
