using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Volumes as one process sees them: the account outlives it, and what a wrong one keeps for itself does not.</summary>
/// <param name="account">The account.</param>
internal class ProcessVolumes(MemoryVolumes account) : MemoryVolumes
{
    public override ResourceTraits Traits => account.Traits;

    protected MemoryVolumes Account => account;

    public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => account.ObserveAsync(call, spec, cancellationToken);

    public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => account.EnsureAsync(call, spec, cancellationToken);

    public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => account.DeleteAsync(call, spec, cancellationToken);

    public override Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) => account.ListOwnedAsync(cancellationToken);
}
