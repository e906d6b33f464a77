using System.Collections.Immutable;
using System.Text.Json;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Moves;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Exports;

/// <summary>
/// The export of one environment. Only what changed is written: parts under new keys first, then the index that names them
/// and those that stayed, on the condition that it replaces the index last read. So the index is at once the record of what
/// was exported, and the fence against another home that took the environment over.
/// </summary>
/// <param name="environment">Name of the environment.</param>
/// <param name="services">What it works with.</param>
internal sealed class EnvironmentExport(string environment, ExportServices services)
{
    private readonly ExportKeys keys = new(services.Installation.Id, environment);
    private readonly ExportSeal seal = new(services.Key);
    private readonly MovingObjectStorage storage = new(environment, BoundPlace.StateUse, services.Places, services.Providers);
    private Written? last;

    /// <summary>Writes what is not written yet.</summary>
    /// <param name="changed">Clusters that changed since the last call that succeeded (null: what the environment owns itself), if that is known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What the export shows now; null: there is nothing to export, or nowhere to.</returns>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    /// <exception cref="ExportTakenOverException">Another home exports this environment now.</exception>
    public async Task<ExportIndex?> WriteAsync(IReadOnlyCollection<string?>? changed, CancellationToken cancellationToken)
    {
        if (!await HasBucketAsync(cancellationToken).ConfigureAwait(false))
        {
            last = null;
            return null;
        }

        var writer = await services.Secrets.ExportWriterAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (last is null)
            {
                // What changed is only known from then on that this process wrote the index.
                (last, changed) = (await LoadAsync(writer, cancellationToken).ConfigureAwait(false), null);
            }

            var before = last;
            last = null;
            var index = before.Index;
            if (await services.Store.ReadAsync(environment, index is null ? null : changed, index?.Revision ?? 0, cancellationToken).ConfigureAwait(false) is not { } snapshot)
            {
                return null;
            }

            if (index?.Revision > snapshot.Revision)
            {
                // The database is older than the export: someone put a copy of it back. What it holds is what there is.
                last = before with { Index = null };
                continue;
            }

            if (index is not null && snapshot.Parts.IsEmpty && Same(index.Providers, snapshot.Providers))
            {
                last = before;
                return index;
            }

            var next = await WritePartsAsync(index, snapshot, writer, cancellationToken).ConfigureAwait(false);
            var content = seal.Seal(keys.Index, writer, JsonSerializer.SerializeToUtf8Bytes(next, ExportJson.Default.ExportIndex));
            if (await storage.PutAsync(keys.Index, content, new PutCondition(before.ETag), cancellationToken).ConfigureAwait(false) is { } etag)
            {
                await RemoveAsync((index?.Parts ?? []).Select(p => p.Key).Except(next.Parts.Select(p => p.Key)), cancellationToken).ConfigureAwait(false);
                last = new Written(etag, next);
                return next;
            }

            // Somebody wrote the index meanwhile: a call of this home that was given up, or another home.
        }
    }

    private async Task<bool> HasBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await services.Places.FindAsync(environment, BoundPlace.StateUse, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (ProviderException gone) when (gone.Error == ErrorClass.DependencyMissing)
        {
            return false;
        }
    }

    /// <summary>Reads what this home wrote last, and removes parts of its own that no index names: a crash between the two may have left some.</summary>
    private async Task<Written> LoadAsync(string writer, CancellationToken cancellationToken)
    {
        var stored = await storage.GetAsync(keys.Index, cancellationToken).ConfigureAwait(false);
        ExportIndex? index = null;
        if (stored is not null && ExportSeal.WriterOf(stored.Content.Span) is { } other && other != writer)
        {
            throw new ExportTakenOverException(environment);
        }

        if (stored is not null && seal.IsOurs(stored.Content.Span))
        {
            index = Read(stored.Content.Span);
        }

        var named = (index?.Parts ?? []).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var there = await storage.ListAsync(keys.Parts, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(there.Where(key => !named.Contains(key) && ExportKeys.IsOf(key, writer)), cancellationToken).ConfigureAwait(false);

        // An index that names what is not there is none: all is written anew.
        return new Written(stored?.ETag, named.IsSubsetOf(there) ? index : null);
    }

    private ExportIndex Read(ReadOnlySpan<byte> stored)
    {
        try
        {
            return JsonSerializer.Deserialize(seal.Open(keys.Index, stored), ExportJson.Default.ExportIndex)!;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or JsonException)
        {
            throw new ProviderException(ErrorClass.Conflict, $"The index of the export of environment {environment} ({keys.Index}) {unreadable.Message}.", unreadable);
        }
    }

    private async Task<ExportIndex> WritePartsAsync(ExportIndex? index, ExportSnapshot snapshot, string writer, CancellationToken cancellationToken)
    {
        var parts = (index?.Parts ?? []).ToDictionary(p => p.Cluster ?? "", StringComparer.Ordinal);
        foreach (var part in snapshot.Parts)
        {
            if (part.Machines.IsEmpty)
            {
                continue;
            }

            var key = keys.Part(part.Cluster, writer, snapshot.Revision);
            var content = new ExportContent
            {
                Machines = part.Machines,
                Agents = part.Agents,
                EngineSecrets = part.Cluster is null ? await services.Secrets.ExportAsync(cancellationToken).ConfigureAwait(false) : null,
            };
            var text = JsonSerializer.SerializeToUtf8Bytes(content, ExportJson.Default.ExportContent);
            await storage.PutAsync(key, seal.Seal(key, writer, text), null, cancellationToken).ConfigureAwait(false);
            parts[part.Cluster ?? ""] = new ExportedPart(part.Cluster, key, part.Machines.Length);
        }

        return new ExportIndex
        {
            Environment = environment,
            Writer = writer,
            Revision = snapshot.Revision,
            At = services.Time.GetUtcNow(),
            Parts = [.. parts.Values.OrderBy(p => p.Cluster, StringComparer.Ordinal)],
            Providers = snapshot.Providers,
        };
    }

    private async Task RemoveAsync(IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        foreach (var key in parts)
        {
            await storage.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Same(ImmutableArray<ExportedProvider> one, ImmutableArray<ExportedProvider> other) =>
        one.Length == other.Length && one.Zip(other).All(p => p.First.IsAs(p.Second));

    private sealed record Written(string? ETag, ExportIndex? Index);
}
