using Tarmak.Providers;

namespace Tarmak.Engine;

/// <summary>Tells of plugins whose type the engine has itself: its own serves, and nobody should wonder why.</summary>
internal static partial class HiddenPlugins
{
    public static void Tell(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HiddenPlugins).FullName!);
        foreach (var type in services.GetServices<IProviderFactory>().CountBy(f => f.Type, StringComparer.Ordinal).Where(t => t.Value > 1))
        {
            LogHidden(logger, type.Key);
        }
    }

    [LoggerMessage(3103, LogLevel.Error, "The plugin {Plugin} is not used, because the engine has a provider type of that name itself; rename the plugin's folder.")]
    private static partial void LogHidden(ILogger logger, string plugin);
}
