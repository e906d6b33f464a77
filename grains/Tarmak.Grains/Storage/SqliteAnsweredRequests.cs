using Microsoft.Data.Sqlite;
using Tarmak.Grains.Abstractions;

namespace Tarmak.Grains.Storage;

/// <summary>The answered requests in the engine's database.</summary>
/// <param name="database">The database.</param>
public sealed class SqliteAnsweredRequests(EngineDatabase database) : IAnsweredRequests
{
    /// <summary>How many answered requests are remembered.</summary>
    public const int Remembered = 10_000;

    /// <inheritdoc/>
    public Task<AnsweredRequest?> FindAsync(string requestId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => Find(connection, requestId), cancellationToken);

    /// <inheritdoc/>
    public Task RememberAsync(AnsweredRequest answered, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            Append(session, answered);
            return true;
        },
        cancellationToken);

    /// <summary>Remembers an answer in the open transaction, and forgets the oldest.</summary>
    internal static void Append(WriteSession session, AnsweredRequest answered)
    {
        ArgumentNullException.ThrowIfNull(answered);
        session.Execute(
            "INSERT INTO answered_requests (request_id, action, generation) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            answered.RequestId, answered.Action, answered.Generation);
        session.Execute("DELETE FROM answered_requests WHERE number <= (SELECT max(number) FROM answered_requests) - ?1", Remembered);
    }

    private static AnsweredRequest? Find(SqliteConnection connection, string requestId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT action, generation FROM answered_requests WHERE request_id = $id";
        command.Parameters.AddWithValue("$id", requestId);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new AnsweredRequest { RequestId = requestId, Action = reader.GetString(0), Generation = reader.GetInt64(1) }
            : null;
    }
}
