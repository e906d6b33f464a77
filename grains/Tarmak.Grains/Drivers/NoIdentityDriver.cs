using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>
/// Identities at clouds that have none: an instance may call nothing there, and its machine is started as nobody. What asks
/// for more is refused.
/// </summary>
public sealed class NoIdentityDriver : IResourceDriver<AccessIdentitySpec>
{
    private const string Nobody = "nobody";

    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.AccessIdentity,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = EngineDrivers.CallDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, AccessIdentitySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Ended(new StepOutcome.Succeeded(call.ObjectId == Nobody ? Present : Observation.Absent));
    }

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, AccessIdentitySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Ended(spec.Policies.IsEmpty && spec.Grants.IsEmpty
            ? new StepOutcome.Succeeded(Present)
            : new StepOutcome.Failed(
                ErrorClass.InvalidSpec, $"{spec.Instance} should be able to call its cloud, which offers no {CapabilityNames.AccessIdentity}; leave its policies out."));
    }

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, AccessIdentitySpec spec, CancellationToken cancellationToken) =>
        Ended(new StepOutcome.Succeeded(Observation.Absent));

    private static Observation Present => Observation.Present(Nobody, ResourceJson.Write(new AccessIdentityOutputs(null)));

    private static Task<StepOutcome> Ended(StepOutcome outcome) => Task.FromResult(outcome);
}
