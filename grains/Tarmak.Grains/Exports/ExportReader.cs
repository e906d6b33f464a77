using System.Text.Json;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Exports;

/// <summary>Finds and reads the export of an environment where no engine knows of it. Nothing is changed.</summary>
/// <param name="key">The installation's key.</param>
public sealed class ExportReader(RecoveryKey key)
{
    // A use that was bound anew more often than this is named by its bucket.
    private const int Places = 32;

    private readonly ExportSeal seal = new(key);

    /// <summary>Reads an environment's export.</summary>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="storage">The store that <c>state</c> was bound to.</param>
    /// <param name="provider">Its name, for sentences.</param>
    /// <param name="bucket">The bucket; null: the one that the installation's engine made.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The export.</returns>
    /// <exception cref="InvalidDataException">There is none, or it cannot be used; the message says why.</exception>
    /// <exception cref="ProviderException">The store did not answer or refused.</exception>
    public async Task<EnvironmentRecord> ReadAsync(string environment, IObjectStorage storage, string provider, string? bucket, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var keys = new ExportKeys(key.Installation, environment);
        var (found, stored) = await FindAsync(storage, Candidates(environment, bucket), keys.Index, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException(
                $"Provider {provider} has no export of environment {environment} of installation {key.Installation}{(bucket is null ? "" : $" in bucket {bucket}")}; name the provider that state was bound to with --from, and its bucket with --bucket where buckets have ids of their own.");
        var index = Open(keys.Index, stored.Content, ExportJson.Default.ExportIndex, environment);
        if (index.Format > ExportIndex.CurrentFormat)
        {
            throw new InvalidDataException(
                FormattableString.Invariant($"The export of environment {environment} has format {index.Format}, and this engine knows up to {ExportIndex.CurrentFormat}; use a newer engine."));
        }

        var parts = new List<ExportContent>();
        foreach (var part in index.Parts)
        {
            var content = await storage.GetAsync(found, part.Key, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException($"Part {part.Key} of the export of environment {environment} is missing; restore it from the bucket's versions, or try again if an engine still writes there.");
            parts.Add(Open(part.Key, content.Content, ExportJson.Default.ExportContent, environment));
        }

        return new EnvironmentRecord(index, stored.ETag, found, provider, parts);
    }

    private IEnumerable<string> Candidates(string environment, string? bucket)
    {
        if (bucket is not null)
        {
            return [bucket];
        }

        // Newest first: what was moved away from may have left an index behind while it was being emptied.
        var owner = MachineAddress.OfEnvironment(environment);
        return Enumerable.Range(0, Places).Reverse()
            .Select(place => ObjectNames.Of(key.Installation, owner.Capability(ResourceKinds.Bucket, BoundPlace.TitleOf(BoundPlace.StateUse, place))));
    }

    private static async Task<(string Bucket, StoredObject Index)?> FindAsync(IObjectStorage storage, IEnumerable<string> buckets, string index, CancellationToken cancellationToken)
    {
        foreach (var bucket in buckets)
        {
            try
            {
                if (await storage.GetAsync(bucket, index, cancellationToken).ConfigureAwait(false) is { } stored)
                {
                    return (bucket, stored);
                }
            }
            catch (ProviderException absent) when (absent.Error == ErrorClass.NotFound)
            {
                continue;
            }
        }

        return null;
    }

    private T Open<T>(string place, ReadOnlyMemory<byte> stored, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string environment)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(seal.Open(place, stored.Span), type)!;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or JsonException)
        {
            throw new InvalidDataException($"Object {place} of the export of environment {environment} {unreadable.Message}.", unreadable);
        }
    }
}
