using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Engine;

/// <summary>What all drivers share: faults of the engine become outcomes here.</summary>
internal abstract class ContainerDriver<TSpec> : IResourceDriver<TSpec>
    where TSpec : class
{
    /// <inheritdoc/>
    public abstract ResourceTraits Traits { get; }

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        TranslateAsync(ObserveCoreAsync(call, spec, cancellationToken));

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        TranslateAsync(EnsureCoreAsync(call, spec, cancellationToken));

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        TranslateAsync(DeleteCoreAsync(call, spec, cancellationToken));

    protected static StepOutcome Seen(Observation observation) => new StepOutcome.Succeeded(observation);

    protected static StepOutcome Gone() => new StepOutcome.Succeeded(Observation.Absent);

    protected static StepOutcome Refused(ErrorClass error, string message) => new StepOutcome.Failed(error, message);

    protected abstract Task<StepOutcome> ObserveCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);

    protected abstract Task<StepOutcome> EnsureCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);

    protected abstract Task<StepOutcome> DeleteCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);

    private static async Task<StepOutcome> TranslateAsync(Task<StepOutcome> step)
    {
        try
        {
            return await step.ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            return fault.Outcome;
        }
    }
}
