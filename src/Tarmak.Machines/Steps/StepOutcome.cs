namespace Tarmak.Machines.Steps;

/// <summary>How a step ended. Retry time is policy, not outcome.</summary>
public abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    /// <summary>The step took effect (observe: was answered).</summary>
    /// <param name="Observation">The object as the step left or found it; <see cref="Observation.Absent"/> after a delete.</param>
    public sealed record Succeeded(Observation Observation) : StepOutcome;

    /// <summary>The step was accepted and goes on; the same step is called again with the handle.</summary>
    /// <param name="Handle">What the driver needs to ask after it; holds no secret.</param>
    /// <param name="PollAfter">When to ask.</param>
    /// <param name="Detail">What it is waiting for, in plain words.</param>
    public sealed record InProgress(string Handle, TimeSpan PollAfter, string Detail) : StepOutcome;

    /// <summary>The step was refused or failed; the driver knows so.</summary>
    /// <param name="Error">The class, which decides about retries.</param>
    /// <param name="Message">One sentence for the owner: what was tried on what, what is wrong, how to mend it.</param>
    public sealed record Failed(ErrorClass Error, string Message) : StepOutcome;

    /// <summary>Nobody knows: a timeout, a lost reply, an intent found at start-up.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record Unknown(string Reason) : StepOutcome;
}
