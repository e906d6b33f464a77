using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Container.Engine;

/// <summary>A call that did not succeed, already translated. It never leaves the provider: drivers return its outcome.</summary>
internal sealed class EngineFaultException(StepOutcome outcome, Exception? cause = null)
    : Exception(Text(outcome), cause)
{
    public StepOutcome Outcome { get; } = outcome;

    public ProviderException ToProviderException() =>
        new(Outcome is StepOutcome.Failed failed ? failed.Error : ErrorClass.Transient, Message, this);

    public static EngineFaultException Failed(ErrorClass error, string message) => new(new StepOutcome.Failed(error, message));

    private static string Text(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Failed failed => failed.Message,
        StepOutcome.Unknown unknown => unknown.Reason,
        _ => outcome.ToString(),
    };
}
