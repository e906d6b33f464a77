using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Identity;

/// <summary>What the engine itself keeps secret, in a store of its home: its authority, and keys of what it derives or signs.</summary>
/// <param name="store">The store.</param>
public sealed class EngineSecrets(ISecretStore store)
{
    // What agents and machines know the engine by. Without these another home is a stranger to them.
    private static readonly string[] Lasting = [EngineNames.AuthorityPath, EngineNames.BundleSignerPath, EngineNames.EnrolmentKeyPath];

    /// <summary>The store.</summary>
    public ISecretStore Store => store;

    /// <summary>Identity under which this home writes exports, made at the first use.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    public async Task<string> ExportWriterAsync(CancellationToken cancellationToken)
    {
        var stored = await store.GetAsync(EngineNames.ExportWriterPath, cancellationToken).ConfigureAwait(false)
            ?? await store.CreateIfAbsentAsync(
                EngineNames.ExportWriterPath, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))), cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString(stored.Value.Span);
    }

    /// <summary>Reads what a home that takes over must have.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Values by path, as base64.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    internal async Task<ImmutableSortedDictionary<string, string>> ExportAsync(CancellationToken cancellationToken)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var path in Lasting)
        {
            if (await store.GetAsync(path, cancellationToken).ConfigureAwait(false) is { } secret)
            {
                values[path] = Convert.ToBase64String(secret.Value.Span);
            }
        }

        return values.ToImmutable();
    }

    /// <summary>Takes over what another home had.</summary>
    /// <param name="values">Values by path, as base64.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The first path at which there is another value already; null: all are there as given.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    internal async Task<string?> ImportAsync(IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        foreach (var path in Lasting.Where(values.ContainsKey))
        {
            var value = Convert.FromBase64String(values[path]);
            var stored = await store.CreateIfAbsentAsync(path, value, cancellationToken).ConfigureAwait(false);
            if (!CryptographicOperations.FixedTimeEquals(stored.Value.Span, value))
            {
                return path;
            }
        }

        return null;
    }
}
