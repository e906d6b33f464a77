using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Machines;

/// <summary>Every decision of one kind of machine, as a pure function.</summary>
public interface IMachineLogic
{
    /// <summary>Decides what follows from an input.</summary>
    /// <param name="state">The committed state.</param>
    /// <param name="input">What happened.</param>
    /// <param name="moment">Time, and what is outstanding.</param>
    /// <returns>The next state and what to do after its commit.</returns>
    Transition Handle(MachineState state, MachineInput input, Moment moment);
}
