using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Inventory;

/// <summary>The inventory's statements, and rows read from them.</summary>
internal static class InventorySql
{
    /// <summary>Columns of a row; the revision comes first.</summary>
    public const string Columns = """
        revision, kind, key, uid, parent_kind, parent_key, generation, observed_generation, phase, phase_since, created_at,
        condition_reason, condition_message, condition_since, provider, object_id, ready, total, outputs, spec, deleting
        """;

    /// <summary>
    /// The tree of the key <c>$under</c>: nested machines follow it after <c>/</c>, capabilities after <c>#</c>. As ranges
    /// (<c>0</c> comes after <c>/</c>, <c>$</c> after <c>#</c>), so that the index on the key serves.
    /// </summary>
    public const string Under =
        "(key = $under OR (key > $under || '/' AND key < $under || '0') OR (key > $under || '#' AND key < $under || '$'))";

    /// <summary>The newest revision of the snapshot.</summary>
    public static long Revision(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM revision";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A statement over machines, restricted by a query and one condition more.</summary>
    public static SqliteCommand Select(SqliteConnection connection, InventoryQuery query, string condition, string tail, string from = "machines")
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder("SELECT ").Append(Columns).Append(" FROM ").Append(from).Append(" WHERE ").Append(condition);
        Restrict(command, sql, "kind = $kind", "$kind", query.Kind?.ToString());
        Restrict(command, sql, "environment = $environment", "$environment", query.Environment);
        Restrict(command, sql, "cluster = $cluster", "$cluster", query.Cluster);
        Restrict(command, sql, "key = $key", "$key", query.Key);
        Restrict(command, sql, "instr(key, '#' || $resource || '/') > 0", "$resource", query.ResourceKind);
        Restrict(command, sql, Under, "$under", string.IsNullOrEmpty(query.Under) ? null : query.Under);
        command.CommandText = sql.Append(' ').Append(tail).ToString();
        return command;
    }

    /// <summary>
    /// What changed after <paramref name="cursor"/>, oldest first. By the revisions, whatever else is asked for: left the
    /// choice, SQLite would look at all rows of a kind, and sort them, to find the one that changed.
    /// </summary>
    public static SqliteCommand Changes(SqliteConnection connection, InventoryQuery query, long cursor, long deletionsAfter, int limit)
    {
        var command = Select(
            connection, query, "revision > $cursor AND (phase <> 'Deleted' OR revision > $deletions)", "ORDER BY revision LIMIT $limit",
            cursor > 0 ? "machines INDEXED BY machines_by_revision" : "machines");
        command.Parameters.AddWithValue("$cursor", cursor);
        command.Parameters.AddWithValue("$deletions", deletionsAfter);
        command.Parameters.AddWithValue("$limit", limit);
        return command;
    }

    public static List<VersionedRow> ReadRows(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<VersionedRow>();
        while (reader.Read())
        {
            rows.Add(new VersionedRow(ReadRow(reader), reader.GetInt64(0)));
        }

        return rows;
    }

    /// <summary>Reads an event from revision, ordinal, at, kind, key, warning, reason and message.</summary>
    public static RecordedEvent ReadEvent(DbDataReader reader) => new(
        new EventCursor(reader.GetInt64(0), reader.GetInt32(1)), SqlTime.Read(reader.GetString(2)), Address(reader, 3),
        new MachineEvent(reader.GetInt64(5) != 0, reader.GetString(6), reader.GetString(7)));

    private static void Restrict(SqliteCommand command, StringBuilder sql, string condition, string name, string? value)
    {
        if (value is not null)
        {
            sql.Append(" AND ").Append(condition);
            command.Parameters.AddWithValue(name, value);
        }
    }

    private static InventoryRow ReadRow(DbDataReader reader) => new()
    {
        Address = Address(reader, 1),
        Uid = reader.GetString(3),
        Parent = reader.IsDBNull(4) ? null : Address(reader, 4),
        Generation = reader.GetInt64(6),
        ObservedGeneration = reader.GetInt64(7),
        Phase = Enum.Parse<Phase>(reader.GetString(8)),
        PhaseSince = SqlTime.Read(reader.GetString(9)),
        CreatedAt = SqlTime.Read(reader.GetString(10)),
        Condition = reader.IsDBNull(11)
            ? null
            : new Condition(reader.GetString(11), reader.GetString(12), SqlTime.Read(reader.GetString(13))),
        Provider = Text(reader, 14),
        ObjectId = Text(reader, 15),
        Ready = reader.GetInt32(16),
        Total = reader.GetInt32(17),
        Outputs = Text(reader, 18),
        Spec = reader.GetString(19),
        Deleting = reader.GetInt64(20) != 0,
    };

    private static MachineAddress Address(DbDataReader reader, int ordinal) =>
        new(Enum.Parse<MachineKind>(reader.GetString(ordinal)), reader.GetString(ordinal + 1));

    private static string? Text(DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
