using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Volumes whose account fails, told as it should be.</summary>
/// <param name="account">The account.</param>
/// <param name="fault">How it fails.</param>
internal class FaultedVolumes(MemoryVolumes account, FaultCase fault) : ProcessVolumes(account)
{
    protected FaultCase Fault => fault;

    public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => Task.FromResult(Told("observing"));

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        if (fault.Error is null)
        {
            await base.EnsureAsync(call, spec, cancellationToken);
        }

        return Told("ensuring");
    }

    public override async Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        if (fault.Error is null)
        {
            await base.DeleteAsync(call, spec, cancellationToken);
        }

        return Told("deleting");
    }

    protected virtual StepOutcome Told(string what) => fault.Error is { } error
        ? new StepOutcome.Failed(error, $"{what}: {fault.Name}.")
        : new StepOutcome.Unknown($"{what}: {fault.Name}.");
}
