using Microsoft.Extensions.DependencyInjection;
using Tarmak.Providers.Acme;

namespace Tarmak.Providers;

/// <summary>Registration of the Acme provider.</summary>
public static class AcmeServiceCollectionExtensions
{
    /// <summary>Offers provider type <c>acme</c>.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAcmeProvider(this IServiceCollection services) => services.AddSingleton<IProviderFactory, AcmeProviderFactory>();
}
