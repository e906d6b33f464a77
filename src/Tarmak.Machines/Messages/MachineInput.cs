using System.Collections.Immutable;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Messages;

/// <summary>Everything that can happen to a machine. Wake-ups and reports are hints: losing or doubling one changes nothing.</summary>
public abstract record MachineInput
{
    private MachineInput()
    {
    }

    /// <summary>The owner's wish. Done again with the same uid and generation it changes nothing.</summary>
    /// <param name="Uid">The machine's identity. Another one than the present is taken only once the present is deleted.</param>
    /// <param name="Parent">The owner; null for an environment.</param>
    /// <param name="Generation">Generation of the specification; older ones are dropped.</param>
    /// <param name="Spec">Specification as JSON.</param>
    /// <param name="Provider">Of a capability: the bound provider.</param>
    /// <param name="TraceParent">W3C trace context of the command.</param>
    public sealed record Apply(string Uid, ParentLink? Parent, long Generation, string Spec, string? Provider, string? TraceParent) : MachineInput
    {
        /// <summary>
        /// Place of the identity in the line of all that its owner ever gave. A late copy of a wish for an earlier
        /// identity of the same name is told by it. Zero: not counted.
        /// </summary>
        public long Birth { get; init; }

        /// <summary>Revision of the newest report that the parent had when it sent this; a late copy holds an older one.</summary>
        public long Heard { get; init; }
    }

    /// <summary>The owner wants it gone.</summary>
    /// <param name="Uid">The identity meant; another one is dropped.</param>
    /// <param name="DataLossConsent">Whether data may go with it.</param>
    /// <param name="TraceParent">W3C trace context of the command.</param>
    public sealed record Delete(string Uid, bool DataLossConsent, string? TraceParent = null) : MachineInput
    {
        /// <summary>As in <see cref="Apply.Birth"/>.</summary>
        public long Birth { get; init; }
    }

    /// <summary>A driver's call ended.</summary>
    /// <param name="Call">The call, as it was started.</param>
    /// <param name="Outcome">How it ended.</param>
    public sealed record StepEnded(StepCall Call, StepOutcome Outcome) : MachineInput;

    /// <summary>A round of messages to children ended; children that did not answer are missing and will be asked again.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Statuses">The answers.</param>
    public sealed record ChildrenAnswered(long CallId, ImmutableArray<ChildStatus> Statuses) : MachineInput;

    /// <summary>A child's report of its own accord.</summary>
    /// <param name="Status">The report.</param>
    public sealed record ChildReported(ChildStatus Status) : MachineInput;

    /// <summary>The call that the machine waited for may be made now. A hint: what it does now, it decides now.</summary>
    public sealed record Admitted : MachineInput;

    /// <summary>Time passed, or the machine was activated.</summary>
    public sealed record Woken : MachineInput;

    /// <summary>The object may differ from what is recorded, or what it waits for may have come.</summary>
    public sealed record Nudged : MachineInput;
}
