using Tarmak.Machines.State;

namespace Tarmak.Machines.Simulation;

/// <summary>What the store holds of one machine.</summary>
/// <param name="ETag">Rises with each commit.</param>
/// <param name="Json">The state as written.</param>
/// <param name="State">The state.</param>
/// <param name="Row">Its inventory row.</param>
public sealed record StoredMachine(long ETag, string Json, MachineState State, InventoryRow Row);
