using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Gateway.Operators;

/// <summary>Says what of environments that are to be deleted is somebody's data: the objects in their buckets for backups.</summary>
/// <param name="places">Says where they are.</param>
/// <param name="providers">The bound providers.</param>
internal sealed class BackupsConsent(StoragePlaces places, IProviders providers)
{
    /// <summary>What deleting environments gives up.</summary>
    /// <param name="keys">All that is to be deleted.</param>
    /// <param name="declared">What is declared.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>By environment, each that is declared.</returns>
    public async Task<IReadOnlyDictionary<ResourceKey, LeavingBackups>> OfDeletingAsync(
        IEnumerable<ResourceKey> keys, Declarations declared, CancellationToken cancellationToken)
    {
        Dictionary<ResourceKey, LeavingBackups> leaving = [];
        foreach (var key in keys.Where(k => k.Kind == ManifestKind.Environment && declared.Environments.ContainsKey(k.Name)))
        {
            // One that is going already may be waiting for exactly this consent, or may have it.
            leaving[key] = declared.Environments[key.Name].Deleting
                ? new LeavingBackups(Consent(key, ""), IsNeeded: false, IsImplied: false)
                : await LookAsync(key, cancellationToken);
        }

        return leaving;
    }

    private async Task<LeavingBackups> LookAsync(ResourceKey environment, CancellationToken cancellationToken)
    {
        try
        {
            var storage = new MovingObjectStorage(environment.Name, BoundPlace.BackupsUse, places, providers);
            var count = await storage.ExistsAsync(cancellationToken) ? (await storage.ListAsync("", cancellationToken)).Count : 0;
            return count == 0
                ? new LeavingBackups(Consent(environment, ""), IsNeeded: false, IsImplied: true)
                : new LeavingBackups(
                    Consent(environment, $"Deleting {environment} deletes its backups, {count} object{(count == 1 ? "" : "s")}."), IsNeeded: true, IsImplied: false);
        }
        catch (ProviderException refused)
        {
            return new LeavingBackups(
                Consent(environment, $"Deleting {environment} deletes its backups, and whether there are any cannot be seen: {refused.Message}"), IsNeeded: true, IsImplied: false);
        }
    }

    private static RequiredConsent Consent(ResourceKey environment, string reason) =>
        new(environment, $"{ResourceKinds.Bucket}/{BoundPlace.BackupsUse}", [], reason);
}
