using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Providers;

/// <summary>Opens the stores of bound providers.</summary>
internal static class ProviderStores
{
    /// <summary>A provider's secret store.</summary>
    /// <param name="providers">The bound providers.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ProviderException">There is no such provider, or it offers none.</exception>
    public static async ValueTask<ISecretStore> SecretStoreAsync(this IProviders providers, string name, CancellationToken cancellationToken) =>
        (await providers.GetAsync(name, cancellationToken).ConfigureAwait(false)).SecretStore ?? throw Lacks(name, "secret store");

    /// <summary>A provider's object storage.</summary>
    /// <param name="providers">The bound providers.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ProviderException">There is no such provider, or it offers none.</exception>
    public static async ValueTask<IObjectStorage> ObjectStorageAsync(this IProviders providers, string name, CancellationToken cancellationToken) =>
        (await providers.GetAsync(name, cancellationToken).ConfigureAwait(false)).ObjectStorage ?? throw Lacks(name, "object storage");

    private static ProviderException Lacks(string provider, string what) =>
        new(ErrorClass.InvalidSpec, $"Provider {provider} offers no {what}; bind the environment to one that does.");
}
