using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>
/// An instance's grants. The machine's own committed specification is the record that <see cref="Agents.IInstanceGrants"/>
/// reads, so there is nothing to make beside it, nothing that could drift, and nothing to remove.
/// </summary>
public sealed class AccessGrantsDriver : IResourceDriver<AccessGrantsSpec>
{
    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.AccessGrants,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = EngineDrivers.CallDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, AccessGrantsSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        return Ended(call.ObjectId is null ? Observation.Absent : Present(spec));
    }

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, AccessGrantsSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Ended(Present(spec));
    }

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, AccessGrantsSpec spec, CancellationToken cancellationToken) => Ended(Observation.Absent);

    private static Observation Present(AccessGrantsSpec spec) => Observation.Present(spec.InstanceUid, ResourceJson.Write(new AccessGrantsOutputs(spec.InstanceUid)));

    private static Task<StepOutcome> Ended(Observation seen) => Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(seen));
}
