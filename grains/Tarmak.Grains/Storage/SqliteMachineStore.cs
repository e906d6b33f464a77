using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Storage;

/// <summary>
/// Machine states in the engine's database. The ETag is the revision of the write that made the version: it rises over
/// the whole installation, and no revision is given twice.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="time">The clock, for the time of events.</param>
/// <param name="logger">The log; null: none.</param>
public sealed partial class SqliteMachineStore(EngineDatabase database, TimeProvider time, ILogger<SqliteMachineStore>? logger = null) : IMachineStore
{
    private const string InsertRow = """
        INSERT INTO machines (
          kind, key, revision, environment, cluster, uid, parent_kind, parent_key, generation, observed_generation, phase,
          phase_since, created_at, condition_reason, condition_message, condition_since, provider, object_id, ready, total,
          outputs, spec, state, at_rest, deleting)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        ON CONFLICT DO NOTHING
        """;

    private const string Update = """
        UPDATE machines SET
          revision = ?3, uid = ?4, parent_kind = ?5, parent_key = ?6, generation = ?7, observed_generation = ?8, phase = ?9,
          phase_since = ?10, created_at = ?11, condition_reason = ?12, condition_message = ?13, condition_since = ?14,
          provider = ?15, object_id = ?16, ready = ?17, total = ?18, outputs = ?19, spec = ?20, state = ?21, at_rest = ?23, deleting = ?24
        WHERE kind = ?1 AND key = ?2 AND revision = ?22
        """;

    /// <inheritdoc/>
    public Task<StoredMachine?> ReadAsync(MachineAddress address, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => Read(connection, address), cancellationToken);

    /// <inheritdoc/>
    public Task<string> WriteAsync(
        MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken) =>
        WriteAsync(state, expectedETag, events, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string> WriteAsync(
        MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, AnsweredRequest? answered, CancellationToken cancellationToken)
    {
        // All that needs no transaction is done on the caller's thread: the writer's is the one all others wait for.
        var row = InventoryRow.From(state);
        var json = MachineJson.Write(state);
        var atRest = state.AtRest ? 1 : 0;
        var at = SqlTime.Write(time.GetUtcNow());
        try
        {
            var etag = await database.WriteAsync(Write, cancellationToken).ConfigureAwait(false);
            Worked();
            return etag;
        }
        catch (StorageException failure)
        {
            Failed(failure);
            throw;
        }

        string Write(WriteSession session)
        {
            session.TakeRevision(state.Address);
            if (!TryWrite(session, row, json, atRest, expectedETag))
            {
                throw Conflict(session, state.Address, expectedETag);
            }

            EventTable.Append(session, state.Address, events.IsDefault ? [] : events, at);
            if (answered is not null)
            {
                SqliteAnsweredRequests.Append(session, answered);
            }

            return ToETag(session.Revision);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MachineAddress>> ListToWakeAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<MachineAddress>>(
            static connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = """
                    SELECT kind, key FROM machines WHERE at_rest = 0
                    UNION SELECT kind, key FROM machines WHERE kind = 'Environment'
                    ORDER BY key, kind
                    """;
                using var reader = command.ExecuteReader();
                List<MachineAddress> found = [];
                while (reader.Read())
                {
                    found.Add(new MachineAddress(Enum.Parse<MachineKind>(reader.GetString(0)), reader.GetString(1)));
                }

                return found;
            },
            cancellationToken);

    /// <summary>Writes a state that is in the database for the first time, under the revision last taken.</summary>
    internal static void Insert(WriteSession session, MachineState state)
    {
        if (!TryWrite(session, InventoryRow.From(state), MachineJson.Write(state), state.AtRest ? 1 : 0, null))
        {
            throw Conflict(session, state.Address, null);
        }
    }

    private static StoredMachine? Read(SqliteConnection connection, MachineAddress address)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT revision, state FROM machines WHERE kind = $kind AND key = $key";
        command.Parameters.AddWithValue("$kind", address.Kind.ToString());
        command.Parameters.AddWithValue("$key", address.Key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredMachine(MachineJson.Read(reader.GetString(1)), ToETag(reader.GetInt64(0))) : null;
    }

    private static bool TryWrite(WriteSession session, InventoryRow row, string json, int atRest, string? expectedETag)
    {
        var address = row.Address;
        var condition = row.Condition;
        var since = condition is null ? null : SqlTime.Write(condition.Since);
        if (expectedETag is null)
        {
            return session.Execute(
                InsertRow,
                address.Kind.ToString(), address.Key, session.Revision, address.Environment, address.Cluster, row.Uid,
                row.Parent?.Kind.ToString(), row.Parent?.Key, row.Generation, row.ObservedGeneration, row.Phase.ToString(),
                SqlTime.Write(row.PhaseSince), SqlTime.Write(row.CreatedAt), condition?.Reason, condition?.Message, since,
                row.Provider, row.ObjectId, row.Ready, row.Total, row.Outputs, row.Spec, json, atRest, row.Deleting ? 1 : 0) == 1;
        }

        return long.TryParse(expectedETag, NumberStyles.None, CultureInfo.InvariantCulture, out var expected)
            && session.Execute(
                Update,
                address.Kind.ToString(), address.Key, session.Revision, row.Uid, row.Parent?.Kind.ToString(), row.Parent?.Key,
                row.Generation, row.ObservedGeneration, row.Phase.ToString(), SqlTime.Write(row.PhaseSince),
                SqlTime.Write(row.CreatedAt), condition?.Reason, condition?.Message, since, row.Provider, row.ObjectId, row.Ready,
                row.Total, row.Outputs, row.Spec, json, expected, atRest, row.Deleting ? 1 : 0) == 1;
    }

    private static InconsistentStateException Conflict(WriteSession session, MachineAddress address, string? expectedETag)
    {
        var stored = session
            .Command("SELECT revision FROM machines WHERE kind = ?1 AND key = ?2", address.Kind.ToString(), address.Key)
            .ExecuteScalar() is long revision ? ToETag(revision) : null;
        return new InconsistentStateException(
            $"{address} was written by somebody else meanwhile: expected version {expectedETag ?? "none"}, found {stored ?? "none"}.",
            stored ?? "", expectedETag ?? "");
    }

    private static string ToETag(long revision) => revision.ToString(CultureInfo.InvariantCulture);
}
