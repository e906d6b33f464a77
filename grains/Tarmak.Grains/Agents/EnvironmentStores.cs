using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Providers;
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
        await OpenAsync(placed.Provider, cancellationToken);
        return new MovingSecretStore(environment, places, OpenAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<IObjectStorage> ObjectsAsync(string environment, string? provider, CancellationToken cancellationToken)
    {
        var name = provider ?? await FirstAsync(environment, cancellationToken);
        return (await providers.GetAsync(name, cancellationToken)).ObjectStorage ?? throw Lacks(name, "object storage");
    }

    private async ValueTask<ISecretStore> OpenAsync(string provider, CancellationToken cancellationToken) =>
        (await providers.GetAsync(provider, cancellationToken)).SecretStore ?? throw Lacks(provider, "secret store");

    private async Task<string> FirstAsync(string environment, CancellationToken cancellationToken)
    {
        var desired = await places.EnvironmentAsync(environment, cancellationToken);
        return desired.Places?.GetValueOrDefault(BoundPlace.ConfigurationUse) is { IsDefaultOrEmpty: false } line
            ? line[0].Provider
            : new Bindings(desired.Environment!.Spec).For(BoundPlace.ConfigurationUse).Provider;
    }

    private static ProviderException Lacks(string provider, string what) =>
        new(ErrorClass.InvalidSpec, $"Provider {provider} offers no {what}; bind the environment to one that does.");
}
