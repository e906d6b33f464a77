using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability ObjectStorage: buckets of versioned objects.</summary>
public interface IObjectStorage
{
    /// <summary>Buckets.</summary>
    IResourceDriver<BucketSpec> Buckets { get; }

    /// <summary>Reads an object.</summary>
    /// <param name="bucketId">The bucket.</param>
    /// <param name="key">Path in the bucket.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object, or null where there is none.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken);

    /// <summary>Writes an object as a new version; readers see the old or the new one, never a part.</summary>
    /// <param name="bucketId">The bucket.</param>
    /// <param name="key">Path in the bucket.</param>
    /// <param name="content">The content.</param>
    /// <param name="condition">What must hold for the write; null: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The new version's ETag, or null where the condition did not hold.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken);

    /// <summary>Deletes an object with its versions; absent is success.</summary>
    /// <param name="bucketId">The bucket.</param>
    /// <param name="key">Path in the bucket.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken);

    /// <summary>Keys that start with a prefix, in order.</summary>
    /// <param name="bucketId">The bucket.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken);
}

/// <summary>An object of a bucket.</summary>
/// <param name="Content">The content.</param>
/// <param name="ETag">Identity of this version.</param>
public sealed record StoredObject(ReadOnlyMemory<byte> Content, string ETag);

/// <summary>What must hold for a conditional write.</summary>
/// <param name="IfMatch">The newest version must have this ETag; null: there must be no object.</param>
public sealed record PutCondition(string? IfMatch);
