using Tarmak.Grains;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Engine;

/// <summary>Opens what the engine itself keeps secret: its authority and the key of one-time secrets, in a store of its home.</summary>
internal static class EngineAuthorityOpening
{
    public static IServiceCollection AddEngineAuthority(this IServiceCollection services)
    {
        services.AddKeyedSingleton<IProvider>(typeof(EngineAuthority), (provider, _) => OwnProvider(provider));
        services.AddSingleton(provider => new EngineSecrets(
            provider.GetRequiredKeyedService<IProvider>(typeof(EngineAuthority)).SecretStore ?? throw new StartException("The engine's own provider keeps no secrets.")));
        services.AddSingleton(provider =>
            EngineAuthority.OpenAsync(Secrets(provider), provider.GetRequiredService<TimeProvider>(), CancellationToken.None).GetAwaiter().GetResult());
        services.AddSingleton<IFirstBootSecrets>(provider => new FirstBootSecrets(
            Secrets(provider), provider.GetRequiredService<IAgentDirectory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new EvidenceChallenges(Secrets(provider), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static ISecretStore Secrets(IServiceProvider services) => services.GetRequiredService<EngineSecrets>().Store;

    /// <summary>The installation itself is a customer of the first provider type there is, under a name no manifest can have.</summary>
    private static IProvider OwnProvider(IServiceProvider services)
    {
        var factory = services.GetServices<IProviderFactory>().FirstOrDefault()
            ?? throw new StartException("This engine has no provider.");
        var installation = services.GetRequiredService<InstallationIdentity>();
        return factory.Create(
            new ProviderSettings(Machines.EngineProvider.Name, factory.Type, installation.Id, installation.HomeDirectory, new Dictionary<string, string>()),
            new NoFirstBoot());
    }
}
