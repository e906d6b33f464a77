using Tarmak.Machines;
using Tarmak.Machines.Messages;

namespace Tarmak.Grains.Inventory;

/// <summary>An event as recorded.</summary>
/// <param name="Revision">The commit it came with.</param>
/// <param name="Time">When.</param>
/// <param name="Address">Whose.</param>
/// <param name="Event">What.</param>
public sealed record RecordedEvent(long Revision, DateTimeOffset Time, MachineAddress Address, MachineEvent Event);
