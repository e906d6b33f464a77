using Tarmak.Providers;

namespace Tarmak.Grains.Providers;

/// <summary>The bound providers, by name.</summary>
public interface IProviders
{
    /// <summary>A provider by its manifest's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The provider.</returns>
    /// <exception cref="ProviderException">There is no such provider, or its type is not known.</exception>
    ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken);
}
