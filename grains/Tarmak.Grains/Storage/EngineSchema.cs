using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tarmak.Grains.Storage;

/// <summary>
/// The database's schema as a list of forward-only migrations. A released migration is never changed: what comes later
/// is appended.
/// </summary>
internal static class EngineSchema
{
    private static readonly string[] Migrations = [MachineTables + OrleansSchema.Version1];

    /// <summary>The newest version this program knows.</summary>
    public static int Newest => Migrations.Length;

    private const string MachineTables = """
        -- One row: the newest revision given to a write. Being in the file, no revision is ever given twice.
        CREATE TABLE revision (
          only INTEGER PRIMARY KEY CHECK (only = 1),
          value INTEGER NOT NULL) STRICT;
        INSERT INTO revision VALUES (1, 0);

        -- One row per machine, tombstones included: its state, and its inventory row as columns. The state stands last,
        -- so that lists need not read past it. revision is the ETag as well: it names one write in the whole file.
        CREATE TABLE machines (
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          revision INTEGER NOT NULL,
          environment TEXT NOT NULL,
          cluster TEXT,
          uid TEXT NOT NULL,
          parent_kind TEXT,
          parent_key TEXT,
          generation INTEGER NOT NULL,
          observed_generation INTEGER NOT NULL,
          phase TEXT NOT NULL,
          phase_since TEXT NOT NULL,
          created_at TEXT NOT NULL,
          condition_reason TEXT,
          condition_message TEXT,
          condition_since TEXT,
          provider TEXT,
          object_id TEXT,
          ready INTEGER NOT NULL,
          total INTEGER NOT NULL,
          outputs TEXT,
          at_rest INTEGER NOT NULL,
          deleting INTEGER NOT NULL,
          spec TEXT NOT NULL,
          state TEXT NOT NULL,
          PRIMARY KEY (kind, key)) STRICT;
        CREATE UNIQUE INDEX machines_by_revision ON machines (revision);
        CREATE INDEX machines_by_key ON machines (key, kind);
        CREATE INDEX machines_restless ON machines (key, kind) WHERE at_rest = 0;
        CREATE INDEX machines_by_environment ON machines (environment, cluster, key);
        CREATE INDEX machines_by_cluster ON machines (cluster, key);

        CREATE TABLE events (
          revision INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          at TEXT NOT NULL,
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          warning INTEGER NOT NULL,
          reason TEXT NOT NULL,
          message TEXT NOT NULL,
          PRIMARY KEY (revision, ordinal)) STRICT, WITHOUT ROWID;
        CREATE INDEX events_by_key ON events (key, revision, ordinal);

        -- What requests were answered, so that a repeated one gets the same answer and does nothing; the newest are kept.
        CREATE TABLE answered_requests (
          number INTEGER PRIMARY KEY,
          request_id TEXT NOT NULL UNIQUE,
          action TEXT NOT NULL,
          generation INTEGER NOT NULL) STRICT;

        -- One-time secrets as hashes, and the keys that used them. opened orders the machines of one instance.
        CREATE TABLE enrolments (
          token TEXT NOT NULL PRIMARY KEY,
          opened INTEGER NOT NULL UNIQUE,
          instance TEXT NOT NULL,
          instance_uid TEXT NOT NULL,
          secret_hash TEXT NOT NULL,
          expires_at TEXT NOT NULL,
          public_key_hash TEXT,
          ssh_host_keys TEXT,
          enrolled_at TEXT) STRICT;
        CREATE INDEX enrolments_by_instance ON enrolments (instance_uid, opened);
        CREATE INDEX enrolments_by_public_key ON enrolments (public_key_hash, opened);

        -- Newest is what arrived last: a machine that lost its state numbers its runs from 1 again. A run told again is
        -- the one of the same number, bundle and duration.
        CREATE TABLE configuration_runs (
          arrived INTEGER PRIMARY KEY,
          token TEXT NOT NULL REFERENCES enrolments (token) ON DELETE CASCADE,
          number INTEGER NOT NULL,
          bundle_hash TEXT NOT NULL,
          result TEXT NOT NULL,
          total_resources INTEGER NOT NULL,
          seconds REAL NOT NULL,
          message TEXT,
          resources TEXT NOT NULL,
          at TEXT NOT NULL,
          UNIQUE (token, number, bundle_hash, seconds)) STRICT;

        """;

    /// <summary>Brings a database to the newest version, in one transaction per version.</summary>
    /// <exception cref="StorageException">It is of a version this program does not know.</exception>
    public static void Migrate(SqliteConnection connection, string path, DateTimeOffset now)
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT");
        var version = Convert.ToInt32(
            Scalar(connection, "SELECT coalesce(max(version), 0) FROM schema_versions"), CultureInfo.InvariantCulture);
        if (version > Newest)
        {
            throw new StorageException(
                StorageFault.NewerSchema,
                $"{path} was written by a newer engine (schema {version}, this one knows up to {Newest}): start that engine or a newer one.");
        }

        for (; version < Newest; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, Migrations[version], transaction);
            using var record = connection.CreateCommand();
            record.Transaction = transaction;
            record.CommandText = "INSERT INTO schema_versions VALUES ($version, $at)";
            record.Parameters.AddWithValue("$version", version + 1);
            record.Parameters.AddWithValue("$at", SqlTime.Write(now));
            record.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
