using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Budgets;
using Tarmak.Grains.Drift;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Exports;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Telemetry;

namespace Tarmak.Grains.Hosting;

/// <summary>Registers what grains work with.</summary>
public static class TarmakGrainsExtensions
{
    /// <summary>
    /// Adds the machines' grains. The host registers beside them: <see cref="InstallationIdentity"/>, the storage, the
    /// engine's authority, first-boot secrets, and provider factories.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarmakGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MachineInstruments>();
        services.AddSingleton<ProviderCatalog>();
        services.AddSingleton<BudgetInstruments>();
        services.AddSingleton<CallBudgets>();
        services.AddSingleton<IEnvironmentStores, EnvironmentStores>();
        services.AddSingleton<IMachineEvidence, MachineEvidence>();
        services.AddSingleton<IInstanceBundles, InstanceBundles>();
        services.AddSingleton<IConvergenceHints, ConvergenceHints>();
        services.AddSingleton<IInstanceGrants, InstanceGrants>();
        services.AddSingleton<AuthorityDriver>();
        services.AddSingleton<BundleDriver>();
        services.AddSingleton<ConvergenceDriver>();
        services.AddSingleton<AccessGrantsDriver>();
        services.AddSingleton<NoIdentityDriver>();
        services.AddSingleton<SecretPlaces>();
        services.AddSingleton<StoragePlaces>();
        services.AddSingleton<IProviders>(p => p.GetRequiredService<ProviderCatalog>());
        services.AddSingleton<SecretCopyDriver>();
        services.AddSingleton<ObjectCopyDriver>();
        services.AddSingleton<BindingDriver>();
        services.AddSingleton<EngineDrivers>();
        services.AddSingleton<DriverCatalog>();
        services.AddSingleton<MachineServices>();
        services.AddSingleton<DriftCheck>();
        services.AddSingleton<ExportStandings>();
        return services;
    }

    /// <summary>Adds what wakes machines: after a start, for drift, and for agents that fell silent.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarmakWatchers(this IServiceCollection services)
    {
        services.AddHostedService<DriftWatcher>();
        services.AddHostedService<SilenceWatcher>();
        return services;
    }
}
