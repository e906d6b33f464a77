using Microsoft.Extensions.Logging;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container;

/// <summary>Makes container providers: a whole cloud on one container engine (Docker or Podman).</summary>
/// <param name="loggers">Where the providers log.</param>
public sealed class ContainerProviderFactory(ILoggerFactory loggers) : IProviderFactory
{
    /// <inheritdoc/>
    public string Type => "container";

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
