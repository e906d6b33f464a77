using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Exports;

/// <summary>The agent directory's rows of a cluster, as they are stored.</summary>
internal static class ExportedAgents
{
    /// <summary>Reads them, in the order in which they were opened.</summary>
    public static ImmutableArray<ExportedAgent> Read(SqliteConnection connection, string environment, string cluster)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT e.token, e.instance, e.instance_uid, e.secret_hash, e.expires_at, e.public_key_hash, e.ssh_host_keys, e.enrolled_at,
                   r.number, r.bundle_hash, r.result, r.total_resources, r.seconds, r.message, r.resources, r.at
            FROM enrolments AS e
            LEFT JOIN configuration_runs AS r ON r.arrived = (SELECT max(arrived) FROM configuration_runs WHERE token = e.token)
            WHERE e.instance_uid IN (SELECT uid FROM machines WHERE environment = $environment AND cluster = $cluster AND kind = 'Instance')
            ORDER BY e.opened
            """;
        command.Parameters.AddWithValue("$environment", environment);
        command.Parameters.AddWithValue("$cluster", cluster);
        using var reader = command.ExecuteReader();
        var agents = ImmutableArray.CreateBuilder<ExportedAgent>();
        while (reader.Read())
        {
            agents.Add(new ExportedAgent(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), Text(reader, 5), Text(reader, 6), Text(reader, 7),
                reader.IsDBNull(8) ? null : new ExportedRun(
                    reader.GetInt64(8), reader.GetString(9), reader.GetString(10), reader.GetInt32(11), reader.GetDouble(12), Text(reader, 13), reader.GetString(14), reader.GetString(15))));
        }

        return agents.ToImmutable();
    }

    /// <summary>Writes one, after those written before.</summary>
    public static void Write(WriteSession session, ExportedAgent agent)
    {
        session.Execute(
            """
            INSERT INTO enrolments (token, opened, instance, instance_uid, secret_hash, expires_at, public_key_hash, ssh_host_keys, enrolled_at)
            SELECT ?1, coalesce(max(opened), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM enrolments
            """,
            agent.Token, agent.Instance, agent.InstanceUid, agent.SecretHash, agent.ExpiresAt, agent.PublicKeyHash, agent.SshHostKeys, agent.EnrolledAt);
        if (agent.Run is { } run)
        {
            session.Execute(
                "INSERT INTO configuration_runs VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                agent.Token, run.Number, run.BundleHash, run.Result, run.TotalResources, run.Seconds, run.Message, run.Resources, run.At);
        }
    }

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
