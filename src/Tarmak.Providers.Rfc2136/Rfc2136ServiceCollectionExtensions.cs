using Microsoft.Extensions.DependencyInjection;
using Tarmak.Providers.Rfc2136;

namespace Tarmak.Providers;

/// <summary>Registration of the RFC 2136 provider.</summary>
public static class Rfc2136ServiceCollectionExtensions
{
    /// <summary>Offers provider type <c>rfc2136</c>.</summary>
    /// <param name="services">The services; a <see cref="TimeProvider"/> is among them.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRfc2136Provider(this IServiceCollection services) =>
        services.AddSingleton<IProviderFactory, Rfc2136ProviderFactory>();
}
