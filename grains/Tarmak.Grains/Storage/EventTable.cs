using System.Collections.Immutable;
using Tarmak.Machines;
using Tarmak.Machines.Messages;

namespace Tarmak.Grains.Storage;

/// <summary>Writes to the event table.</summary>
internal static class EventTable
{
    public static void Append(WriteSession session, MachineAddress address, ImmutableArray<MachineEvent> events, string at)
    {
        for (var ordinal = 0; ordinal < events.Length; ordinal++)
        {
            var item = events[ordinal];
            session.Execute(
                "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                session.Revision, ordinal, at, address.Kind.ToString(), address.Key, item.Warning ? 1 : 0, item.Reason, item.Message);
        }

        if (events.Length > 0)
        {
            session.EventsSinceTrim += events.Length;
        }
    }

    /// <summary>Deletes the oldest events beyond the limit, once a tenth of it has come in: trimming each time would cost more than it frees.</summary>
    public static void Trim(WriteSession session, int limit)
    {
        if (session.EventsSinceTrim <= limit / 10)
        {
            return;
        }

        session.Execute(
            """
            DELETE FROM events WHERE revision < (SELECT revision FROM events ORDER BY revision DESC, ordinal DESC LIMIT 1 OFFSET ?1 - 1)
            """,
            limit);
        session.EventsSinceTrim = 0;
    }
}
