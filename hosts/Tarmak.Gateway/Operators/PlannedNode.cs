using Tarmak.Machines;

namespace Tarmak.Gateway.Operators;

/// <summary>One machine that a declaration leads to.</summary>
/// <param name="Address">The machine.</param>
/// <param name="Spec">Its specification, with stand-ins for what only the provider knows.</param>
internal sealed record PlannedNode(MachineAddress Address, string Spec);
