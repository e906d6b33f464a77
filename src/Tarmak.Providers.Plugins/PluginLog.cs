using Microsoft.Extensions.Logging;

namespace Tarmak.Providers.Plugins;

/// <summary>What is logged of plugins' folders.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(1405, LogLevel.Error, "The plugin of {Folder} cannot be used: {Reason}")]
    public static partial void Unusable(ILogger logger, string folder, string reason);
}
