namespace Tarmak.Machines.State;

/// <summary>Who owns a machine.</summary>
/// <param name="Address">The parent.</param>
/// <param name="Uid">The parent's identity.</param>
public sealed record ParentLink(MachineAddress Address, string Uid);
