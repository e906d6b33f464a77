using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>Finds an environment's stores through the places its bindings have in force.</summary>
/// <param name="places">Says where an environment's things are.</param>
/// <param name="providers">The bound providers.</param>
public sealed class EnvironmentStores(SecretPlaces places, IProviders providers) : IEnvironmentStores
{
    /// <inheritdoc/>
    public async ValueTask<ISecretStore> SecretsAsync(string environment, CancellationToken cancellationToken)
    {
        // Whether the environment leads anywhere is said here, and not first by what is asked of the store.
        var placed = await places.FindAsync(environment, cancellationToken);
        await providers.SecretStoreAsync(placed.Provider, cancellationToken);
        return new MovingSecretStore(environment, places, providers.SecretStoreAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<IObjectStorage> ObjectsAsync(string environment, string? provider, CancellationToken cancellationToken)
    {
        return await providers.ObjectStorageAsync(provider ?? await FirstAsync(environment, cancellationToken), cancellationToken);
    }

    private async Task<string> FirstAsync(string environment, CancellationToken cancellationToken)
    {
        var desired = await places.EnvironmentAsync(environment, cancellationToken);
        return desired.Places?.GetValueOrDefault(BoundPlace.ConfigurationUse) is { IsDefaultOrEmpty: false } line
            ? line[0].Provider
            : new Bindings(desired.Environment!.Spec).For(BoundPlace.ConfigurationUse).Provider;
    }
}
