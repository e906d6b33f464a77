using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarmak.Providers.Plugins;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers;

/// <summary>Registration of plugins.</summary>
public static class PluginServiceCollectionExtensions
{
    /// <summary>
    /// Offers a provider type for each plugin in an installation's home (<c>plugins/TYPE/plugin.json</c>). Nothing is started
    /// before its first use, and a plugin that cannot be used keeps no other from it. Types registered before are not
    /// replaced. The calls end with the container of services, and the plugins' processes with it.
    /// </summary>
    /// <param name="services">The services; a <see cref="TimeProvider"/> is among them.</param>
    /// <param name="homeDirectory">The installation's home.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPlugins(this IServiceCollection services, string homeDirectory)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var folder in PluginFolder.Find(homeDirectory))
        {
            services.AddSingleton<IProviderFactory>(provider => Open(folder, provider));
        }

        return services;
    }

    private static IProviderFactory Open(string folder, IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PluginProviderFactory).Namespace!);
        try
        {
            return new PluginProviderFactory(PluginFolder.Read(folder), new PluginLimits(), logger, services.GetRequiredService<TimeProvider>());
        }
        catch (PluginFileException unusable)
        {
            PluginLog.Unusable(logger, folder, unusable.Message);
            return new UnusablePluginFactory(Path.GetFileName(folder), unusable.Message);
        }
    }
}
