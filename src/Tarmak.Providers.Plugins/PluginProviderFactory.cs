using Microsoft.Extensions.Logging;
using Tarmak.Providers.Plugins.Calls;
using Tarmak.Providers.Plugins.Installation;
using Tarmak.Providers.Plugins.Processes;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins;

/// <summary>Makes providers of a plugin. All of them share its one process, which is started at the first call of any.</summary>
internal sealed class PluginProviderFactory : IProviderFactory, IAsyncDisposable
{
    private readonly InstalledPlugin plugin;
    private readonly PluginHost host;
    private readonly PluginCalls calls;

    public PluginProviderFactory(InstalledPlugin plugin, PluginLimits limits, ILogger logger, TimeProvider time)
    {
        this.plugin = plugin;
        host = new PluginHost(plugin, limits, logger, time);
        calls = new PluginCalls(host, limits, time);
    }

    /// <inheritdoc/>
    public string Type => plugin.Type;

    /// <summary>The plugin as it runs.</summary>
    public PluginHost Host => host;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => plugin.Sheet;

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets) => new PluginProvider(plugin, calls, settings, firstBootSecrets);

    /// <inheritdoc/>
    public async Task RemoveFilesAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        await using var provider = new PluginProvider(plugin, calls, settings, new NoFirstBoot());
        await provider.RemoveFilesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the process.</summary>
    /// <returns>When it has ended.</returns>
    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Removing files starts no machine.</summary>
    private sealed class NoFirstBoot : IFirstBootSecrets
    {
        public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"No machine is made here, so {instance} gets no secret.");
    }
}
