using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins;

/// <summary>Stands for a plugin whose folder cannot be used, so that its type is told with the reason instead of missing.</summary>
/// <param name="type">The folder's name.</param>
/// <param name="reason">One sentence.</param>
internal sealed class UnusablePluginFactory(string type, string reason) : IProviderFactory
{
    /// <inheritdoc/>
    public string Type => type;

    /// <summary>Why it cannot be used.</summary>
    public string Reason => reason;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => new()
    {
        Type = type,
        Summary = $"Cannot be used: {reason}",
        Capabilities = [],

        // What is declared stays readable: it is the plugin that is wrong, not the manifest.
        Settings = [ProviderOptions.Host, ProviderOptions.Server, ProviderOptions.Credentials],
    };

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        throw new ProviderException(ErrorClass.Terminal, $"Provider {settings.Name} is of type {type}, whose plugin cannot be used: {reason} Mend it, and start the engine again.");
    }
}
