using Microsoft.Data.Sqlite;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Providers;

/// <summary>Reads the provider manifests where <see cref="ProviderSettingsGrain"/> keeps them, for who has no silo to ask.</summary>
public static class RecordedProviders
{
    /// <summary>The stored provider manifests, by name.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static Task<IReadOnlyList<StoredProvider>> ReadAsync(EngineDatabase database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.ReadAsync(Read, cancellationToken);
    }

    /// <summary>The same, in a transaction of the caller's.</summary>
    internal static IReadOnlyList<StoredProvider> Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT PayloadBinary FROM OrleansStorage WHERE GrainIdExtensionString = $key AND PayloadBinary IS NOT NULL";
        command.Parameters.AddWithValue("$key", ProviderCatalog.SettingsKey);
        return command.ExecuteScalar() is byte[] payload
            ? [.. new JsonStateSerializer().Deserialize<ProviderSettingsState>(new BinaryData(payload)).Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal)]
            : [];
    }
}
