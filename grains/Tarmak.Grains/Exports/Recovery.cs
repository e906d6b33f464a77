using System.Text.Json;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Exports;

/// <summary>
/// Takes an environment over into the home of this silo. Each step may be repeated after a crash: the export is claimed
/// first, so that no other engine exports any more, and the machines are written last, in one transaction.
/// </summary>
/// <param name="database">The home's database.</param>
/// <param name="secrets">The engine's own secrets.</param>
/// <param name="key">Opened the export, and seals it.</param>
/// <param name="grains">Leads to the provider manifests.</param>
/// <param name="time">The clock.</param>
public sealed class Recovery(EngineDatabase database, EngineSecrets secrets, RecoveryKey key, IGrainFactory grains, TimeProvider time)
{
    private readonly ExportStore store = new(database, time);
    private readonly ExportSeal seal = new(key);

    /// <summary>Takes an environment over.</summary>
    /// <param name="record">Its export.</param>
    /// <param name="storage">The store it was read from.</param>
    /// <param name="given">Manifests of providers as they are reached now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="InvalidDataException">Somebody still exports it, or this home is another engine's; the message says so.</exception>
    /// <exception cref="ProviderException">A store did not answer or refused.</exception>
    public async Task TakeOverAsync(EnvironmentRecord record, IObjectStorage storage, IReadOnlyCollection<PutProvider> given, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(given);
        if (await secrets.ImportAsync(record.EngineSecrets, cancellationToken).ConfigureAwait(false) is { } other)
        {
            throw new InvalidDataException($"This home holds an engine of its own already (another {other}); recover environment {record.Environment} into an empty home.");
        }

        await ClaimAsync(record, storage, cancellationToken).ConfigureAwait(false);
        await DeclareAsync(record, given, cancellationToken).ConfigureAwait(false);
        await store.WriteAsync(record.Environment, record.Parts, record.ExportedAt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was given is how providers are reached now. What was exported serves where nothing else is known.</summary>
    private async Task DeclareAsync(EnvironmentRecord record, IReadOnlyCollection<PutProvider> given, CancellationToken cancellationToken)
    {
        var settings = grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey);
        var known = (await settings.ListAsync().WaitAsync(cancellationToken).ConfigureAwait(false)).Select(p => p.Name).Concat(given.Select(p => p.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var provider in given.Where(p => record.ProviderNames.Contains(p.Name)).Concat(record.Providers.Where(p => !known.Contains(p.Name))))
        {
            await settings.PutAsync(provider).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>From then on the export is this home's. The revision is none of its own, so that its first export is whole.</summary>
    private async Task ClaimAsync(EnvironmentRecord record, IObjectStorage storage, CancellationToken cancellationToken)
    {
        var writer = await secrets.ExportWriterAsync(cancellationToken).ConfigureAwait(false);
        if (record.Index.Writer == writer)
        {
            return;
        }

        var keys = new ExportKeys(key.Installation, record.Environment);
        var claimed = record.Index with { Writer = writer, Revision = 0 };
        var content = seal.Seal(keys.Index, writer, JsonSerializer.SerializeToUtf8Bytes(claimed, ExportJson.Default.ExportIndex));
        if (await storage.PutAsync(record.Bucket, keys.Index, content, new PutCondition(record.ETag), cancellationToken).ConfigureAwait(false) is null)
        {
            throw new InvalidDataException(
                $"The export of environment {record.Environment} was written just now, so an engine still keeps it; end that engine (tarmak down on its machine), then recover again.");
        }
    }
}
