using Microsoft.Extensions.DependencyInjection;
using Tarmak.Providers.Simulated;

namespace Tarmak.Providers;

/// <summary>Registration of the simulated provider.</summary>
public static class SimulatedServiceCollectionExtensions
{
    /// <summary>Offers provider type <c>simulated</c>.</summary>
    /// <param name="services">The services; a <see cref="TimeProvider"/> is among them.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSimulatedProvider(this IServiceCollection services) =>
        services.AddSingleton<IProviderFactory, SimulatedProviderFactory>();
}
