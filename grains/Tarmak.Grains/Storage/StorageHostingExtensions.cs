using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Storage;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Inventory;

namespace Tarmak.Grains.Storage;

/// <summary>Puts all durable state of a silo into the engine's database.</summary>
public static class StorageHostingExtensions
{
    /// <summary>Name of the grain storage for <c>[PersistentState]</c> where nothing else is said; it is the default storage as well.</summary>
    public const string SettingsStorage = "settings";

    // Grains do not use it by this name; its errors would be the driver's.
    private const string OrleansStorage = "orleans";

    // What Orleans calls the driver; it loads Microsoft.Data.Sqlite for it.
    internal const string Invariant = "System.Data.SQLite";

    /// <summary>
    /// Opens the database of a home now, so that what is wrong with it is said before anything starts, and uses it. The
    /// silo's services close it.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="home">The engine's home folder.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public static ISiloBuilder UseTarmakStorage(this ISiloBuilder silo, string home, EngineDatabaseOptions? options = null)
    {
        var database = EngineDatabase.Open(home, TimeProvider.System, options);

        // By a factory: the container closes only what it made.
        silo.Services.AddSingleton(_ => database);
        return silo.UseDatabase();
    }

    /// <summary>Uses an open database, which stays the caller's to close.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="database">The database.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder UseTarmakStorage(this ISiloBuilder silo, EngineDatabase database)
    {
        silo.Services.AddSingleton(database);
        return silo.UseDatabase();
    }

    private static ISiloBuilder UseDatabase(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<EngineDataSource>();
        silo.Services.AddSingleton<IMachineStore, SqliteMachineStore>();
        silo.Services.AddSingleton<IAnsweredRequests, SqliteAnsweredRequests>();
        silo.Services.AddSingleton<IInventory, SqliteInventory>();
        silo.Services.AddSingleton<IAgentDirectory, SqliteAgentDirectory>();
        silo.Services.AddSingleton<IGrainStorage>(services => new ExplainingGrainStorage(
            services.GetRequiredKeyedService<IGrainStorage>(OrleansStorage), services.GetRequiredService<EngineDatabase>()));
        foreach (var name in (string[])[SettingsStorage, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME])
        {
            silo.Services.AddKeyedSingleton(name, (services, _) => services.GetRequiredService<IGrainStorage>());
        }

        return silo
            .AddAdoNetGrainStorage(OrleansStorage, Configure)
            .UseAdoNetReminderService(reminders => reminders.Configure<EngineDataSource>((options, source) =>
            {
                options.Invariant = Invariant;
                options.DataSource = source;
            }));

        static void Configure(OptionsBuilder<AdoNetGrainStorageOptions> storage) => storage.Configure<EngineDataSource>((options, source) =>
        {
            options.Invariant = Invariant;
            options.DataSource = source;
            options.GrainStorageSerializer = new JsonStateSerializer();
        });
    }
}
