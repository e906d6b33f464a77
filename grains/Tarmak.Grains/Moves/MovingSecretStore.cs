using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// An environment's secrets, wherever they are. The place in force is read before and after each operation, and where it
/// changed meanwhile the operation is done again at the new one.
/// </summary>
/// <param name="environment">The environment.</param>
/// <param name="places">Says where they are.</param>
/// <param name="open">Opens a provider's secret store.</param>
internal sealed class MovingSecretStore(
    string environment, SecretPlaces places, Func<string, CancellationToken, ValueTask<ISecretStore>> open) : ISecretStore
{
    /// <inheritdoc/>
    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) =>
        SettledAsync<Secret?>(async (placed, _) => await (await open(placed.Provider, cancellationToken).ConfigureAwait(false)).GetAsync(name, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        SettledAsync<IReadOnlyList<string>>(async (placed, _) => await (await open(placed.Provider, cancellationToken).ConfigureAwait(false)).ListAsync(prefix, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        SettledAsync<Secret>(async (placed, before) =>
        {
            var store = await open(placed.Provider, cancellationToken).ConfigureAwait(false);
            var stored = await store.CreateIfAbsentAsync(name, before?.Value ?? value, cancellationToken).ConfigureAwait(false);
            await FollowAsync(name, placed, cancellationToken).ConfigureAwait(false);
            return stored;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) =>
        SettledAsync<Secret?>(async (placed, before) =>
        {
            var store = await open(placed.Provider, cancellationToken).ConfigureAwait(false);

            // What was compared and set is so wherever the secrets are now: versions are of a place.
            var stored = before is not null
                ? await PutAsync(store, name, value, cancellationToken).ConfigureAwait(false)
                : await store.CompareAndSetAsync(name, value, expectedVersion, cancellationToken).ConfigureAwait(false);
            if (stored is not null)
            {
                await FollowAsync(name, placed, cancellationToken).ConfigureAwait(false);
            }

            return stored;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        SettledAsync<bool>(async (placed, _) =>
        {
            await (await open(placed.Provider, cancellationToken).ConfigureAwait(false)).DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            await FollowAsync(name, placed, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <summary>Makes the copies of a secret what it is at the place in force.</summary>
    private async Task FollowAsync(string name, PlacedSecrets placed, CancellationToken cancellationToken)
    {
        foreach (var copy in placed.Copies)
        {
            await Copying.OneAsync(
                name,
                new SecretCopyPlace(environment, await open(placed.Provider, cancellationToken).ConfigureAwait(false)),
                new SecretCopyPlace(environment, await open(copy, cancellationToken).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Secret> PutAsync(ISecretStore store, string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var stored = await store.CreateIfAbsentAsync(name, value, cancellationToken).ConfigureAwait(false);
        return stored.Value.Span.SequenceEqual(value.Span)
            ? stored
            : await store.CompareAndSetAsync(name, value, stored.Version, cancellationToken).ConfigureAwait(false)
                ?? throw new ProviderException(ErrorClass.Transient, $"The secret {name} was written twice at the same time.");
    }

    private Task<T> SettledAsync<T>(Func<PlacedSecrets, T?, Task<T>> operation, CancellationToken cancellationToken) =>
        Settling.RunAsync(() => places.FindAsync(environment, cancellationToken), operation);
}
