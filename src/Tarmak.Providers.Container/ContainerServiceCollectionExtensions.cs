using Microsoft.Extensions.DependencyInjection;
using Tarmak.Providers.Container;

namespace Tarmak.Providers;

/// <summary>Registration of the container provider.</summary>
public static class ContainerServiceCollectionExtensions
{
    /// <summary>Offers provider type <c>container</c>.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddContainerProvider(this IServiceCollection services) =>
        services.AddSingleton<IProviderFactory, ContainerProviderFactory>();
}
