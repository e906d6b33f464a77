using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Exports;

/// <summary>Reads from the engine's database what an export is made of, and writes into one what an export holds.</summary>
/// <param name="database">The database.</param>
/// <param name="time">The clock.</param>
internal sealed class ExportStore(EngineDatabase database, TimeProvider time)
{
    /// <summary>Environments, those that are gone left out.</summary>
    public Task<IReadOnlyList<string>> EnvironmentsAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<string>>(
        static connection => Texts(connection, "SELECT key FROM machines WHERE kind = 'Environment' AND phase <> 'Deleted' ORDER BY key"), cancellationToken);

    /// <summary>What changed since a revision: environments with the clusters in them (null: what the environment owns itself).</summary>
    public Task<ChangedParts> ChangedAsync(long after, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT DISTINCT environment, cluster FROM machines INDEXED BY machines_by_revision WHERE revision > $after";
            command.Parameters.AddWithValue("$after", after);
            using var reader = command.ExecuteReader();
            List<(string, string?)> parts = [];
            while (reader.Read())
            {
                parts.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
            }

            return new ChangedParts(Revision(connection), parts);
        },
        cancellationToken);

    /// <summary>Reads parts of an environment, all as they were at one revision.</summary>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="clusters">Which parts; null: those that changed since <paramref name="after"/>.</param>
    /// <param name="after">A revision.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The parts; null: there is no such environment any more.</returns>
    public Task<ExportSnapshot?> ReadAsync(string environment, IReadOnlyCollection<string?>? clusters, long after, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            if (Texts(connection, "SELECT spec FROM machines WHERE kind = 'Environment' AND key = $environment AND phase <> 'Deleted'", ("$environment", environment)) is not [var spec])
            {
                return null;
            }

            var wanted = clusters ?? Texts(
                connection, "SELECT DISTINCT cluster FROM machines WHERE environment = $environment AND revision > $after", ("$environment", environment), ("$after", after));
            var used = DesiredJson.Read<EnvironmentDesired>(spec).Providers();
            return new ExportSnapshot(
                Revision(connection),
                [.. wanted.Select(cluster => new SnapshotPart(cluster, Machines(connection, environment, cluster), cluster is null ? [] : ExportedAgents.Read(connection, environment, cluster)))],
                [.. RecordedProviders.Read(connection).Where(p => used.Contains(p.Name)).Select(ExportedProvider.Of)]);
        },
        cancellationToken);

    /// <summary>Writes an environment in one transaction. Every object is to be looked at before it is believed to be as recorded.</summary>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="parts">All its parts.</param>
    /// <param name="exportedAt">When they were exported.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>False: the environment is there already, and nothing was written.</returns>
    public Task<bool> WriteAsync(string environment, IReadOnlyCollection<ExportContent> parts, DateTimeOffset exportedAt, CancellationToken cancellationToken)
    {
        var states = parts.SelectMany(p => p.Machines).Select(MachineJson.Read).Select(Doubted).ToList();
        var at = SqlTime.Write(time.GetUtcNow());
        return database.WriteAsync(
            session =>
            {
                if (session.Command("SELECT 1 FROM machines WHERE environment = ?1 LIMIT 1", environment).ExecuteScalar() is not null)
                {
                    return false;
                }

                foreach (var state in states)
                {
                    session.TakeRevision(state.Address);
                    SqliteMachineStore.Insert(session, state);
                    EventTable.Append(session, state.Address, state.Address == MachineAddress.OfEnvironment(environment) ? [Recovered(exportedAt)] : [], at);
                }

                foreach (var agent in parts.SelectMany(p => p.Agents))
                {
                    ExportedAgents.Write(session, agent);
                }

                return true;
            },
            cancellationToken);
    }

    private static MachineEvent Recovered(DateTimeOffset exportedAt) =>
        new(false, "Recovered", FormattableString.Invariant($"Recovered as it was exported at {exportedAt:yyyy-MM-dd HH:mm:ss} UTC. Events of before are not there."));

    private static MachineState Doubted(MachineState state) =>
        state is { Resource: { } ledger, Phase: not Phase.Deleted } ? state with { Resource = ledger with { CheckDue = true } } : state;

    private static long Revision(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM revision";
        return (long)command.ExecuteScalar()!;
    }

    private static ImmutableArray<string> Machines(SqliteConnection connection, string environment, string? cluster) =>
        [.. Texts(connection, "SELECT state FROM machines WHERE environment = $environment AND cluster IS $cluster ORDER BY key, kind", ("$environment", environment), ("$cluster", cluster))!];

    private static List<string> Texts(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        using var reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read())
        {
            texts.Add(reader.IsDBNull(0) ? null! : reader.GetString(0));
        }

        return texts;
    }
}

/// <summary>What changed since a revision.</summary>
/// <param name="Revision">The revision that was read.</param>
/// <param name="Parts">Environments with the clusters in them.</param>
internal sealed record ChangedParts(long Revision, IReadOnlyList<(string Environment, string? Cluster)> Parts);

/// <summary>Parts of an environment at one revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Providers">The providers that the environment uses.</param>
internal sealed record ExportSnapshot(long Revision, ImmutableArray<SnapshotPart> Parts, ImmutableArray<ExportedProvider> Providers);

/// <summary>A part of an environment.</summary>
/// <param name="Cluster">Name of the cluster; null: what the environment owns itself.</param>
/// <param name="Machines">The states.</param>
/// <param name="Agents">The agents.</param>
internal sealed record SnapshotPart(string? Cluster, ImmutableArray<string> Machines, ImmutableArray<ExportedAgent> Agents);
