using Tarmak.Configuration.Bundles;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>
/// Configuration bundles, stored by their hash. The same specification gives the same bytes, so writing again after
/// a crash writes the same object; the signature goes first, so that a bundle that can be read can be checked.
/// </summary>
/// <param name="stores">The stores an environment's bindings lead to.</param>
/// <param name="authority">Signs bundles.</param>
public sealed class BundleDriver(IEnvironmentStores stores, EngineAuthority authority) : IResourceDriver<BundleSpec>
{
    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Bundle,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = EngineDrivers.CallDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public async Task<StepOutcome> ObserveAsync(ResourceCall call, BundleSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var hash = call.ObjectId ?? Build(spec).Hash;
        var storage = await stores.ObjectsAsync(call.Marks.Environment, spec.BucketProvider, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(
            await storage.GetAsync(spec.BucketId, AgentPlaces.Bundle(hash), cancellationToken).ConfigureAwait(false) is null
                ? Observation.Absent
                : Observation.Present(hash, ResourceJson.Write(new BundleOutputs(hash))));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, BundleSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var bundle = Build(spec);
        var storage = await stores.ObjectsAsync(call.Marks.Environment, spec.BucketProvider, cancellationToken).ConfigureAwait(false);
        await storage.PutAsync(spec.BucketId, AgentPlaces.BundleSignature(bundle.Hash), bundle.Signature, null, cancellationToken).ConfigureAwait(false);
        await storage.PutAsync(spec.BucketId, AgentPlaces.Bundle(bundle.Hash), bundle.Content, null, cancellationToken).ConfigureAwait(false);
        if (call.ObjectId is { } previous && previous != bundle.Hash)
        {
            await RemoveAsync(storage, spec.BucketId, previous, cancellationToken).ConfigureAwait(false);
        }

        return new StepOutcome.Succeeded(Observation.Present(bundle.Hash, ResourceJson.Write(new BundleOutputs(bundle.Hash))));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, BundleSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var storage = await stores.ObjectsAsync(call.Marks.Environment, spec.BucketProvider, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(storage, spec.BucketId, call.ObjectId!, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(Observation.Absent);
    }

    private Bundle Build(BundleSpec spec) => new BundleBuilder(authority).Build(spec);

    private static async Task RemoveAsync(IObjectStorage storage, string bucketId, string hash, CancellationToken cancellationToken)
    {
        await storage.DeleteAsync(bucketId, AgentPlaces.Bundle(hash), cancellationToken).ConfigureAwait(false);
        await storage.DeleteAsync(bucketId, AgentPlaces.BundleSignature(hash), cancellationToken).ConfigureAwait(false);
    }
}
