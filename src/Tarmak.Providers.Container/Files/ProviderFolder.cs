using Tarmak.Providers.Container.Firewall;
using Tarmak.Providers.Container.ObjectStorage;
using Tarmak.Providers.Container.SecretStore;

namespace Tarmak.Providers.Container.Files;

/// <summary>What one provider keeps on this machine: its secrets, their key, its buckets and its firewall groups.</summary>
/// <param name="settings">The provider's settings.</param>
internal sealed class ProviderFolder(ProviderSettings settings)
{
    private readonly string path = settings.Options.GetValueOrDefault(ProviderOptions.Directory) ?? Path.Combine(settings.HomeDirectory, "providers", settings.Name);

    private string ObjectsPath => Path.Combine(path, "objects");

    /// <summary>Opens the secrets.</summary>
    public FileSecretStore Secrets() => new(path);

    /// <summary>Opens the buckets.</summary>
    public FileObjectStorage Objects() => new(ObjectsPath);

    /// <summary>Opens the record of firewall groups.</summary>
    public FirewallStore Firewall() => new(Path.Combine(path, "firewall"));

    /// <summary>Removes all that holds neither a secret nor an object.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        await Secrets().RemoveUnusedAsync(cancellationToken).ConfigureAwait(false);
        await Firewall().RemoveUnusedAsync(cancellationToken).ConfigureAwait(false);
        await DurableFiles.RemoveUnusedAsync(ObjectsPath, DurableFiles.HasFolders, static () => { }, cancellationToken).ConfigureAwait(false);
        if (!Directory.EnumerateFileSystemEntries(path).Any())
        {
            Directory.Delete(path);
        }
    }
}
