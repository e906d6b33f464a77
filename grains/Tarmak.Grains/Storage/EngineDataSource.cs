using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Tarmak.Grains.Storage;

/// <summary>
/// Connections for Orleans' AdoNet providers. Left alone, the driver sleeps 150 ms whenever the file is locked; told to
/// wait inside SQLite, it goes on within about a millisecond of the lock's release.
/// </summary>
internal sealed class EngineDataSource(EngineDatabase database) : DbDataSource
{
    public override string ConnectionString => database.ConnectionString;

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState != ConnectionState.Open)
            {
                return;
            }

            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout = {(long)database.LockTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; {database.PageLimit}";
            command.ExecuteNonQuery();
        };
        return connection;
    }
}
