using Microsoft.Extensions.Logging;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Files;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Container;

/// <summary>Makes container providers: a whole cloud on one container engine (Docker or Podman).</summary>
/// <param name="loggers">Where the providers log.</param>
public sealed class ContainerProviderFactory(ILoggerFactory loggers) : IProviderFactory
{
    internal const string TypeName = "container";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => ContainerSheet.Sheet;

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        var options = ContainerOptions.Read(settings.Options);
        return new ContainerProvider(settings, options, new ContainerEngine(EngineEndpoint.Find(options.Host)), firstBootSecrets, loggers);
    }

    /// <inheritdoc/>
    public Task RemoveFilesAsync(ProviderSettings settings, CancellationToken cancellationToken) =>
        new ProviderFolder(settings).RemoveUnusedAsync(cancellationToken);
}
