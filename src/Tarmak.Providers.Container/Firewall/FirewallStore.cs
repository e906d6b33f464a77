using System.Text.Json;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>The record of groups and rules: a file for each group. A lock file orders all processes' changes.</summary>
/// <param name="root">The folder.</param>
internal sealed class FirewallStore(string root)
{
    /// <summary>A group by its name, which is its id; null where there is none.</summary>
    public FirewallGroup? Find(string name) => Translate(name, () =>
    {
        var path = PathOf(name);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), FirewallJson.Default.FirewallGroup) : null;
    });

    /// <summary>Changes a group while nobody else does.</summary>
    /// <param name="name">The group.</param>
    /// <param name="change">Makes the wanted record of the present one, the same instance where it is so already; null: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The record as it is now.</returns>
    public async Task<FirewallGroup?> ChangeAsync(string name, Func<FirewallGroup?, FirewallGroup?> change, CancellationToken cancellationToken)
    {
        using (await LockAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var present = Find(name);
            var wanted = change(present);
            if (!ReferenceEquals(present, wanted))
            {
                Translate<FirewallGroup?>(name, () =>
                {
                    Write(name, wanted);
                    return null;
                });
            }

            return wanted;
        }
    }

    /// <summary>Removes the folder where no group is recorded in it.</summary>
    public Task RemoveUnusedAsync(CancellationToken cancellationToken) => DurableFiles.RemoveUnusedAsync(
        root, static folder => Directory.EnumerateFiles(folder, "*.json").Any(), static () => { }, cancellationToken);

    private static T Translate<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw EngineFaultException.Failed(ErrorClass.Transient, $"The record of firewall group {name} could not be used: {fault.Message}");
        }
    }

    private async Task<FileStream> LockAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await DurableFiles.LockAsync(root, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw EngineFaultException.Failed(ErrorClass.Transient, $"The record of firewall group {name} could not be used: {fault.Message}");
        }
    }

    private void Write(string name, FirewallGroup? wanted)
    {
        if (wanted is not null)
        {
            DurableFiles.Write(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(wanted, FirewallJson.Default.FirewallGroup));
            return;
        }

        File.Delete(PathOf(name));
        DurableFiles.SyncFolder(root);
    }

    private string PathOf(string name) => Path.Combine(root, name + ".json");
}
