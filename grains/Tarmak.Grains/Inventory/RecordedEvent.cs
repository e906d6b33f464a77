using Tarmak.Machines;
using Tarmak.Machines.Messages;

namespace Tarmak.Grains.Inventory;

/// <summary>An event as recorded.</summary>
/// <param name="Cursor">Its place in the history; whoever follows goes on after it.</param>
/// <param name="Time">When.</param>
/// <param name="Address">Whose.</param>
/// <param name="Event">What.</param>
public sealed record RecordedEvent(EventCursor Cursor, DateTimeOffset Time, MachineAddress Address, MachineEvent Event)
{
    /// <summary>The commit it came with.</summary>
    public long Revision => Cursor.Revision;
}
