using System.Globalization;
using Microsoft.Data.Sqlite;
using Tarmak.Machines;

namespace Tarmak.Grains.Storage;

/// <summary>The writer's connection and its prepared statements. Only the writer's thread touches it.</summary>
internal sealed class WriteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private List<MachineAddress> _changed = [];

    /// <summary>The newest revision given, in the open transaction.</summary>
    public long Revision { get; private set; }

    /// <summary>The machines that were given revisions, in the open transaction.</summary>
    public IReadOnlyList<MachineAddress> Changed => _changed;

    /// <summary>Events written since the table was trimmed; null: never trimmed by this session.</summary>
    public int? EventsSinceTrim { get; set; }

    /// <summary>A statement, prepared once, with its parameters set by position of <paramref name="values"/> (<c>?1</c>, <c>?2</c>, …).</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"?{i}") });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Executes a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>Records that the next revision was given to a machine's row.</summary>
    public void TakeRevision(MachineAddress address)
    {
        Revision++;
        _changed.Add(address);
    }

    public void Begin()
    {
        // IMMEDIATE takes the write lock at once: a deferred transaction could fail later, in the midst of its writes.
        Execute("BEGIN IMMEDIATE");
        Revision = (long)Command("SELECT value FROM revision").ExecuteScalar()!;

        // A new list: watchers are told from the one before.
        _changed = [];
    }

    /// <summary>Executes one write so that its failure undoes nothing else.</summary>
    public void Isolated(PendingWrite write)
    {
        var revision = Revision;
        var changed = _changed.Count;
        Execute("SAVEPOINT one");
        try
        {
            write.Apply(this);
        }
        catch (Exception reason) when (reason is not SqliteException error || !StorageException.IsFatal(error))
        {
            // Whatever a single write stumbles over is told to its caller; the others in the transaction go on.
            Execute("ROLLBACK TO one");
            Revision = revision;
            _changed.RemoveRange(changed, _changed.Count - changed);
            write.Refuse(reason);
        }

        Execute("RELEASE one");
    }

    public void Commit()
    {
        if (_changed.Count > 0)
        {
            Execute("UPDATE revision SET value = ?1", Revision);
        }

        Execute("COMMIT");
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        // Closing the connection rolls back what is open.
        connection.Dispose();
    }
}
