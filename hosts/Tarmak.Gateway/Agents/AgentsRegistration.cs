using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Tarmak.Gateway.Agents;

/// <summary>Registers what serves agents.</summary>
public static class AgentsRegistration
{
    /// <summary>
    /// Registers the agents' listener and the connectors to relays. The host must have registered <c>EngineAuthority</c>,
    /// <c>IAgentDirectory</c>, <c>IInstanceBundles</c>, <c>IEnvironmentStores</c> and <c>IConvergenceHints</c>, and tells
    /// <see cref="RelayConnectorPool"/> the edges as they come and go.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Where the listener listens.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddTarmakAgents(this IServiceCollection services, AgentListenerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new RelayConnectorOptions());
        services.AddSingleton(options);
        services.AddSingleton<AgentListener>();
        services.AddHostedService(provider => provider.GetRequiredService<AgentListener>());
        services.AddSingleton<RelayConnectorPool>();
        return services;
    }
}
