using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>One account at a plugin.</summary>
/// <param name="Calls">The plugin.</param>
/// <param name="Message">What every call says of the account.</param>
internal sealed record PluginAccount(PluginCalls Calls, V1.Account Message)
{
    /// <summary>Makes one of a provider's settings.</summary>
    /// <param name="calls">The plugin.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="isHere">Whether the plugin runs on this machine.</param>
    public static PluginAccount Of(PluginCalls calls, ProviderSettings settings, bool isHere)
    {
        var account = new V1.Account
        {
            Provider = settings.Name,
            Installation = settings.Installation,
            DataDirectory = isHere ? Path.Combine(settings.HomeDirectory, "providers", settings.Name) : "",
        };
        foreach (var (name, value) in settings.Options)
        {
            account.Options.Add(name, value);
        }

        return new PluginAccount(calls, account);
    }
}
