using System.Collections.Immutable;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Messages;

/// <summary>The one call that may be outstanding.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Number of the call within the activation.</summary>
    public abstract long CallId { get; }

    /// <summary>A driver's call; answered by <see cref="MachineInput.StepEnded"/>.</summary>
    /// <param name="Call">The call.</param>
    public sealed record Drive(StepCall Call) : Effect
    {
        /// <inheritdoc/>
        public override long CallId => Call.CallId;
    }

    /// <summary>Messages to children, in any order; answered by <see cref="MachineInput.ChildrenAnswered"/>.</summary>
    /// <param name="Id">Number of the call.</param>
    /// <param name="Commands">The messages.</param>
    public sealed record TellChildren(long Id, ImmutableArray<ChildCommand> Commands) : Effect
    {
        /// <inheritdoc/>
        public override long CallId => Id;
    }
}
