using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>The stores an environment's bindings lead to.</summary>
public interface IEnvironmentStores
{
    /// <summary>The environment's secret store.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The store.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The binding leads nowhere.</exception>
    ValueTask<ISecretStore> SecretsAsync(string environment, CancellationToken cancellationToken);

    /// <summary>The environment's object storage for configuration.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="provider">Name of the provider, where configuration was moved; null: the one it was first bound to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The storage.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The binding leads nowhere.</exception>
    ValueTask<IObjectStorage> ObjectsAsync(string environment, string? provider, CancellationToken cancellationToken);
}
