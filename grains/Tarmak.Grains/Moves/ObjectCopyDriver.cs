using Tarmak.Grains.Providers;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Moves;

/// <summary>An environment's objects of one use at one of their places.</summary>
/// <param name="places">Says which place is in force.</param>
/// <param name="providers">The bound providers.</param>
public sealed class ObjectCopyDriver(StoragePlaces places, IProviders providers) : CopyDriver<ObjectCopySpec>(ResourceKinds.ObjectCopy, Deadline)
{
    /// <summary>
    /// Deadline of one call: a page of objects, or a single one that is larger than a page, over a slow line. Each passes
    /// several times, for it is read back.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private protected override string What(ObjectCopySpec spec) => $"The objects for {spec.Use} of environment {spec.Environment}";

    private protected override string IdOf(ObjectCopySpec spec) => FormattableString.Invariant($"{spec.Environment}/{spec.Use}/{spec.Place}");

    private protected override async Task<ObjectCopySpec?> InForceAsync(ObjectCopySpec spec, CancellationToken cancellationToken) =>
        await places.RecordedAsync(spec.Environment, spec.Use, cancellationToken).ConfigureAwait(false) is { } inForce
            ? new ObjectCopySpec(spec.Environment, inForce.Place, inForce.Provider, spec.Use, inForce.BucketId)
            : null;

    /// <summary>With their environment, objects go with their buckets, for which there is consent or none is needed.</summary>
    private protected override Task<bool> GoesOtherwiseAsync(ObjectCopySpec spec, CancellationToken cancellationToken) =>
        places.IsLeavingAsync(spec.Environment, cancellationToken);

    private protected override async Task<CopyPlace> OpenAsync(ObjectCopySpec spec, CancellationToken cancellationToken) =>
        new ObjectCopyPlace(spec.BucketId, await providers.ObjectStorageAsync(spec.Provider, cancellationToken).ConfigureAwait(false));
}
