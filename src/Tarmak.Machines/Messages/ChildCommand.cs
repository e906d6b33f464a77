using Tarmak.Machines.State;

namespace Tarmak.Machines.Messages;

/// <summary>A message from a parent to a child; the answer is the child's <see cref="ChildStatus"/>.</summary>
/// <param name="Child">The child.</param>
/// <param name="Input"><see cref="MachineInput.Apply"/> or <see cref="MachineInput.Delete"/>; null only asks for the status.</param>
public sealed record ChildCommand(MachineAddress Child, MachineInput? Input);
