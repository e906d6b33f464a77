namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability SecretStore: arbitrary key and value pairs, encrypted at rest. Names are paths of
/// <c>[a-z0-9._/-]</c>; values are at most 64 KiB.
/// </summary>
public interface ISecretStore
{
    /// <summary>Reads the newest version.</summary>
    /// <param name="name">Path of the secret.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The secret, or null where there is none.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<Secret?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a value unless the secret exists, and returns what is stored: a crash in between never makes two.</summary>
    /// <param name="name">Path of the secret.</param>
    /// <param name="value">The value if none is there.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The stored secret, the given one or the earlier one.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Writes a new version if the newest one is still <paramref name="expectedVersion"/> (0: none).</summary>
    /// <param name="name">Path of the secret.</param>
    /// <param name="value">The new value.</param>
    /// <param name="expectedVersion">The version the caller read.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The stored secret, or null where another version was written meanwhile.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>Deletes all versions; absent is success.</summary>
    /// <param name="name">Path of the secret.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names of secrets that start with a prefix, in order.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The names.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken);
}
