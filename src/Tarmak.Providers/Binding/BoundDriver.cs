using System.Text.Json;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Binding;

/// <summary>A driver without its type: takes a step's recorded parameters as JSON. Machines call drivers through this.</summary>
public abstract class BoundDriver
{
    /// <summary>What the driver declares about its kind.</summary>
    public abstract ResourceTraits Traits { get; }

    /// <summary>Runs a step within the driver's deadline.</summary>
    /// <param name="step">The step, as the committed intent recorded it.</param>
    /// <param name="resource">Whose object.</param>
    /// <param name="cancellationToken">Ends the call; the outcome is then unknown.</param>
    /// <returns>The outcome.</returns>
    public async Task<StepOutcome> RunAsync(StepCall step, ResourceCall resource, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Traits.CallDeadline);
        try
        {
            return await CallAsync(step, resource, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new StepOutcome.Unknown($"{step.Step} of {step.Owner.Shown} had no answer within {Traits.CallDeadline.TotalSeconds:0} s.");
        }
        catch (ProviderException refused)
        {
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }
    }

    /// <summary>Gives a typed driver this form.</summary>
    /// <typeparam name="TSpec">The kind's specification.</typeparam>
    /// <param name="driver">The driver.</param>
    /// <returns>The driver without its type.</returns>
    public static BoundDriver Of<TSpec>(IResourceDriver<TSpec> driver)
        where TSpec : class => new Typed<TSpec>(driver);

    /// <summary>The call itself, without deadline.</summary>
    /// <param name="step">The step.</param>
    /// <param name="resource">Whose object.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The outcome.</returns>
    protected abstract Task<StepOutcome> CallAsync(StepCall step, ResourceCall resource, CancellationToken cancellationToken);

    private sealed class Typed<TSpec>(IResourceDriver<TSpec> driver) : BoundDriver
        where TSpec : class
    {
        public override ResourceTraits Traits => driver.Traits;

        protected override Task<StepOutcome> CallAsync(StepCall step, ResourceCall resource, CancellationToken cancellationToken)
        {
            TSpec spec;
            try
            {
                spec = ResourceJson.Read<TSpec>(step.Parameters);
            }
            catch (JsonException malformed)
            {
                return Task.FromResult<StepOutcome>(new StepOutcome.Failed(
                    ErrorClass.InvalidSpec, $"The parameters of {step.Owner.Shown} are not those of a {step.Kind}: {malformed.Message}"));
            }

            return step.Step switch
            {
                StepKind.Observe => driver.ObserveAsync(resource, spec, cancellationToken),
                StepKind.Ensure => driver.EnsureAsync(resource, spec, cancellationToken),
                StepKind.Delete => driver.DeleteAsync(resource, spec, cancellationToken),
                _ => throw new InvalidOperationException($"{step.Step} is no step."),
            };
        }
    }
}
