using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Agents;

/// <summary>
/// The agent directory in the engine's database. Of the machines of one instance, the one whose enrolment was opened last
/// counts, enrolled or not: what the machine before it reported proves nothing of the one that took its place.
/// </summary>
/// <param name="database">The database.</param>
public sealed class SqliteAgentDirectory(EngineDatabase database) : IAgentDirectory
{
    /// <summary>Runs kept of each agent.</summary>
    public const int RunsKept = 20;

    private static readonly TimeSpan WorthExtending = TimeSpan.FromHours(1);

    private const string Identity =
        "SELECT instance, instance_uid, token, public_key_hash, ssh_host_keys, enrolled_at FROM enrolments";

    private const string OfInstance =
        "SELECT token, opened, secret_hash, expires_at, public_key_hash FROM enrolments WHERE instance_uid = ?1";

    private const string NewestOfInstance =
        "SELECT token FROM enrolments WHERE instance_uid = ?1 ORDER BY opened DESC LIMIT 1";

    /// <inheritdoc/>
    public Task OpenEnrolmentAsync(OpenEnrolment enrolment, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute(
            """
            INSERT INTO enrolments (token, opened, instance, instance_uid, secret_hash, expires_at)
            SELECT ?1, coalesce(max(opened), 0) + 1, ?2, ?3, ?4, ?5 FROM enrolments WHERE true
            ON CONFLICT (token) DO UPDATE SET expires_at = excluded.expires_at WHERE public_key_hash IS NULL
            """,
            enrolment.Token, enrolment.Instance, enrolment.InstanceUid, enrolment.SecretHash, SqlTime.Write(enrolment.ExpiresAt)),
        cancellationToken);

    /// <inheritdoc/>
    public async Task ExtendEnrolmentAsync(string instanceUid, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        // Whoever waits for a machine asks every few seconds; the one writer is troubled once an hour.
        if (await database.ReadAsync(connection => IsUnusedBefore(connection, instanceUid, expiresAt - WorthExtending), cancellationToken).ConfigureAwait(false))
        {
            await database.WriteAsync(
                session => session.Execute(
                    $"UPDATE enrolments SET expires_at = ?2 WHERE token = ({NewestOfInstance}) AND public_key_hash IS NULL AND expires_at < ?2",
                    instanceUid, SqlTime.Write(expiresAt)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<AgentIdentity?> UseEnrolmentAsync(
        string instanceUid, string secretHash, string publicKeyHash, IReadOnlyList<string> sshHostKeys, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // Anybody may try secrets: only who has the right one troubles the one writer.
        bool known = await database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = OfInstance;
                command.Parameters.AddWithValue("?1", instanceUid);
                return FindOpen(command, secretHash, now) is not null;
            },
            cancellationToken).ConfigureAwait(false);
        return known ? await BindAsync(instanceUid, secretHash, publicKeyHash, sshHostKeys, now, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public Task<AgentIdentity?> FindAsync(string publicKeyHash, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Query(
            connection,
            $"""
            {Identity} AS mine WHERE public_key_hash = ?1 AND NOT EXISTS (
              SELECT 1 FROM enrolments AS newer
              WHERE newer.instance_uid = mine.instance_uid AND newer.opened > mine.opened AND newer.public_key_hash IS NOT NULL)
            ORDER BY opened DESC LIMIT 1
            """,
            publicKeyHash),
        cancellationToken);

    /// <inheritdoc/>
    public Task<AgentIdentity?> FindByInstanceAsync(string instanceUid, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Query(connection, $"{Identity} WHERE public_key_hash IS NOT NULL AND token = ({NewestOfInstance})", instanceUid), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The newest 20 runs of an agent are kept. A run of an agent nobody knows (any more) is dropped.</remarks>
    public Task RecordRunAsync(string publicKeyHash, ConfigurationRun run, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (session.Command("SELECT token FROM enrolments WHERE public_key_hash = ?1 ORDER BY opened DESC LIMIT 1", publicKeyHash)
                .ExecuteScalar() is not string token)
            {
                return 0;
            }

            session.Execute(
                "INSERT INTO configuration_runs VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                token, run.Number, run.BundleHash, run.Result.ToString(), run.TotalResources, run.Seconds, run.Message,
                JsonSerializer.Serialize(run.Resources, AgentJson.Default.IReadOnlyListResourceChange), SqlTime.Write(run.At));
            return session.Execute(
                """
                DELETE FROM configuration_runs WHERE token = ?1 AND arrived <= (
                  SELECT arrived FROM configuration_runs WHERE token = ?1 ORDER BY arrived DESC LIMIT 1 OFFSET ?2)
                """,
                token, RunsKept);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConfigurationRun>> RunsAsync(string instanceUid, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ConfigurationRun>>(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"""
                    SELECT bundle_hash, number, result, total_resources, seconds, message, resources, at
                    FROM configuration_runs WHERE token = ({NewestOfInstance}) ORDER BY arrived DESC LIMIT ?2
                    """;
                command.Parameters.AddWithValue("?1", instanceUid);
                command.Parameters.AddWithValue("?2", Math.Max(0, limit));
                using var reader = command.ExecuteReader();
                var runs = new List<ConfigurationRun>();
                while (reader.Read())
                {
                    runs.Add(ReadRun(reader));
                }

                return runs;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> SilentAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = """
                    SELECT instance FROM enrolments AS mine
                    WHERE public_key_hash IS NOT NULL
                      AND opened = (SELECT max(opened) FROM enrolments WHERE instance_uid = mine.instance_uid)
                      AND coalesce((SELECT max(at) FROM configuration_runs WHERE token = mine.token), enrolled_at) < ?1
                    """;
                command.Parameters.AddWithValue("?1", SqlTime.Write(since));
                using var reader = command.ExecuteReader();
                var silent = new List<string>();
                while (reader.Read())
                {
                    silent.Add(reader.GetString(0));
                }

                return silent;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(string instanceUid, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute("DELETE FROM enrolments WHERE instance_uid = ?1", instanceUid), cancellationToken);

    private Task<AgentIdentity?> BindAsync(
        string instanceUid, string secretHash, string publicKeyHash, IReadOnlyList<string> sshHostKeys, DateTimeOffset now,
        CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            // The writer executes one write after the other: nobody comes between the look and the use.
            if (FindOpen(session.Command(OfInstance, instanceUid), secretHash, now) is not { } open || IsSuperseded(session, instanceUid, open.Opened))
            {
                return null;
            }

            if (open.PublicKeyHash is null)
            {
                session.Execute(
                    "UPDATE enrolments SET public_key_hash = ?2, ssh_host_keys = ?3, enrolled_at = ?4 WHERE token = ?1",
                    open.Token, publicKeyHash, JsonSerializer.Serialize(sshHostKeys, AgentJson.Default.IReadOnlyListString), SqlTime.Write(now));
            }
            else if (!AreSame(open.PublicKeyHash, publicKeyHash))
            {
                return null;
            }

            using var reader = session.Command($"{Identity} WHERE token = ?1", open.Token).ExecuteReader();
            return ReadIdentity(reader);
        },
        cancellationToken);

    private static bool IsUnusedBefore(SqliteConnection connection, string instanceUid, DateTimeOffset expiry)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 FROM enrolments WHERE token = ({NewestOfInstance}) AND public_key_hash IS NULL AND expires_at <= ?2";
        command.Parameters.AddWithValue("?1", instanceUid);
        command.Parameters.AddWithValue("?2", SqlTime.Write(expiry));
        return command.ExecuteScalar() is not null;
    }

    // Looked up by instance and compared here: an index lookup by the hash would tell by its time how much of it is right.
    private static Enrolment? FindOpen(SqliteCommand ofInstance, string secretHash, DateTimeOffset now)
    {
        using var reader = ofInstance.ExecuteReader();
        Enrolment? found = null;
        while (reader.Read())
        {
            if (AreSame(reader.GetString(2), secretHash) && now <= SqlTime.Read(reader.GetString(3)))
            {
                found = new Enrolment(reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(4) ? null : reader.GetString(4));
            }
        }

        return found;
    }

    private static bool IsSuperseded(WriteSession session, string instanceUid, long opened) => session
        .Command(
            "SELECT 1 FROM enrolments WHERE instance_uid = ?1 AND opened > ?2 AND public_key_hash IS NOT NULL LIMIT 1", instanceUid, opened)
        .ExecuteScalar() is not null;

    private static bool AreSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static AgentIdentity? Query(SqliteConnection connection, string sql, string value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("?1", value);
        using var reader = command.ExecuteReader();
        return ReadIdentity(reader);
    }

    private static AgentIdentity? ReadIdentity(DbDataReader reader) => reader.Read()
        ? new AgentIdentity(
            reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
            JsonSerializer.Deserialize(reader.GetString(4), AgentJson.Default.IReadOnlyListString)!, SqlTime.Read(reader.GetString(5)))
        : null;

    private static ConfigurationRun ReadRun(DbDataReader reader) => new(
        reader.GetString(0), reader.GetInt64(1), Enum.Parse<RunResult>(reader.GetString(2)), reader.GetInt32(3), reader.GetDouble(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        JsonSerializer.Deserialize(reader.GetString(6), AgentJson.Default.IReadOnlyListResourceChange)!, SqlTime.Read(reader.GetString(7)));

    private sealed record Enrolment(string Token, long Opened, string? PublicKeyHash);
}
