using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tarmak.Api.V1;
using Tarmak.Gateway.Listeners;
using Tarmak.Grains;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Exports;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Serialization;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using ManifestFile = Tarmak.Model.Manifests.ManifestFile;

namespace Tarmak.Engine;

/// <summary>
/// <c>Tarmak.Engine --home DIR --recover</c>: reads one RecoverRequest, rebuilds what it names from exports, and writes the
/// RecoverResponse. Everything is read and checked before the first file is written; it wakes no machine and listens nowhere.
/// </summary>
internal static class RecoverOnce
{
    public static async Task RunAsync(EngineHome home, Action<IServiceCollection> addProviders, Stream input, Stream output)
    {
        var request = RecoverRequest.Parser.ParseFrom(input);
        var key = RecoveryKey.TryParse(request.RecoveryKey, out var parsed, out var problem) ? parsed : throw new StartException($"The key file {problem}");
        Admit(home, key);
        await using var stores = Stores(home, key, addProviders);
        var opened = new OpenedStores(stores.GetServices<IProviderFactory>(), home, key.Installation, Given(request, new ProviderSheets(stores.GetServices<IProviderFactory>())));
        try
        {
            var records = await ReadAsync(request, key, opened);
            await RefusePresentAsync(home, records);
            await WriteAsync(home, key, addProviders, records, opened);
            Answer(records).WriteTo(output);
        }
        finally
        {
            await opened.DisposeAsync();
        }
    }

    /// <summary>An empty home, or one of the same installation, or one that this was cut off in.</summary>
    private static void Admit(EngineHome home, RecoveryKey key)
    {
        if (File.Exists(home.InstallationPath) && home.Installation() is { } installation && installation != key.Installation)
        {
            throw new StartException($"{home.Directory} is the home of installation {installation}, and the key is of installation {key.Installation}; name an empty directory in TARMAK_HOME.");
        }

        if (File.Exists(home.RecoveryKeyPath) && home.RecoveryKey(key.Installation) is { } present && present.Id != key.Id)
        {
            throw new StartException($"{home.RecoveryKeyPath} holds another recovery key ({present.Id}) of the same installation; give that one, or name an empty directory in TARMAK_HOME.");
        }
    }

    private static ServiceProvider Stores(EngineHome home, RecoveryKey key, Action<IServiceCollection> addProviders)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new InstallationIdentity(key.Installation, home.Directory));
        addProviders(services);
        return services.BuildServiceProvider();
    }

    private static Dictionary<string, ProviderManifest> Given(RecoverRequest request, ProviderSheets sheets)
    {
        var read = ManifestReader.Read([.. request.Files.Select(f => new ManifestFile(f.Name, f.Content))]);
        var providers = read with { Environments = [], Clusters = [] };
        string[] problems = [.. read.Problems.Select(p => p.ToString()), .. new ManifestRequirements(sheets, _ => null, _ => null).Check(providers).Select(p => p.ToString())];
        return problems.Length > 0
            ? throw new StartException(string.Join('\n', problems.Distinct(StringComparer.Ordinal)))
            : read.Providers.ToDictionary(p => p.Manifest.Metadata.Name, p => p.Manifest, StringComparer.Ordinal);
    }

    private static async Task<List<EnvironmentRecord>> ReadAsync(RecoverRequest request, RecoveryKey key, OpenedStores opened)
    {
        var storage = opened.Given(request.From).ObjectStorage
            ?? throw new StartException($"Provider {request.From} offers no object storage, so no exports are there; name the one that state was bound to with --from.");
        List<EnvironmentRecord> records = [];
        foreach (var environment in request.Environments.Distinct(StringComparer.Ordinal))
        {
            var record = await new ExportReader(key).ReadAsync(environment, storage, request.From, request.Bucket.Length == 0 ? null : request.Bucket, CancellationToken.None);
            if (record.StatePlace is { } place && (place.Provider != request.From || place.Bucket != record.Bucket))
            {
                throw new StartException(
                    $"Provider {request.From} holds a copy of the export of environment {environment} in bucket {record.Bucket}, and when that was written exports were at provider {place.Provider} in bucket {place.Bucket}; recover from there, with --from {place.Provider}.");
            }

            await RequireSecretsAsync(record, opened.Of(record, record.SecretsProvider));
            records.Add(record);
        }

        return records;
    }

    /// <summary>Without its secrets an environment is not adopted: all its certificates would be made anew.</summary>
    private static async Task RequireSecretsAsync(EnvironmentRecord record, IProvider provider)
    {
        var secrets = provider.SecretStore ?? throw new StartException($"Provider {record.SecretsProvider} keeps no secrets, and those of environment {record.Environment} were bound to it.");
        foreach (var path in record.Authorities)
        {
            if (await secrets.GetAsync(path, CancellationToken.None) is null)
            {
                throw new StartException(
                    $"Secret {path} of environment {record.Environment} is not at provider {record.SecretsProvider}, and without it all certificates of the cluster would be made anew; put the store back, or say with -f where the provider is now.");
            }
        }
    }

    /// <summary>What is there already goes on by itself. What an earlier try wrote before it was cut off is completed.</summary>
    private static async Task RefusePresentAsync(EngineHome home, IEnumerable<EnvironmentRecord> records)
    {
        if (!File.Exists(home.DatabasePath))
        {
            return;
        }

        var begun = File.Exists(home.RecoveringPath) ? await File.ReadAllLinesAsync(home.RecoveringPath) : [];
        await using var database = EngineDatabase.Open(home.Directory, TimeProvider.System);
        var inventory = new SqliteInventory(database);
        foreach (var record in records.Where(r => !begun.Contains(r.Environment)))
        {
            var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment, Key: record.Environment), CancellationToken.None);
            if (page.Rows.Any())
            {
                throw new StartException($"Environment {record.Environment} is in {home.Directory} already; tarmak up goes on with it, and only what is not there can be recovered.");
            }
        }
    }

    private static async Task WriteAsync(EngineHome home, RecoveryKey key, Action<IServiceCollection> addProviders, List<EnvironmentRecord> records, OpenedStores opened)
    {
        // A home that keeps other environments stays whole whatever happens here: each is written at once, or not at all.
        if (!File.Exists(home.DatabasePath) || File.Exists(home.RecoveringPath))
        {
            PrivateFile.Write(home.RecoveringPath, string.Join('\n', records.Select(r => r.Environment)) + "\n");
        }

        if (!File.Exists(home.InstallationPath))
        {
            PrivateFile.Write(home.InstallationPath, key.Installation + "\n");
        }

        PrivateFile.Write(home.RecoveryKeyPath, key.Reveal() + "\n");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new InstallationIdentity(key.Installation, home.Directory));
        addProviders(builder.Services);
        builder.Services.AddEngineAuthority();
        builder.UseOrleans(silo => EngineApplication.AddSilo(silo, home, key.Installation));
        builder.Services.AddTarmakGrains();
        builder.Services.AddSingleton(key);
        builder.Services.AddSingleton<Recovery>();
        using var host = builder.Build();
        await host.StartAsync();
        foreach (var record in records)
        {
            await host.Services.GetRequiredService<Recovery>().TakeOverAsync(record, opened.Given(record.StoredAt).ObjectStorage!, opened.Manifests, CancellationToken.None);
        }

        await host.StopAsync();
        File.Delete(home.RecoveringPath);
    }

    private static RecoverResponse Answer(IEnumerable<EnvironmentRecord> records)
    {
        var answer = new RecoverResponse();
        foreach (var record in records)
        {
            var environment = new RecoveredEnvironment { Name = record.Environment, ExportedAt = record.ExportedAt.ToTimestamp(), Objects = record.Objects };
            environment.Clusters.AddRange(record.Clusters);
            environment.Providers.AddRange(record.Providers.Select(p => p.Name));
            answer.Environments.Add(environment);
        }

        return answer;
    }

    /// <summary>The providers that are asked: as they were given, else as they were exported.</summary>
    private sealed class OpenedStores(IEnumerable<IProviderFactory> factories, EngineHome home, string installation, IReadOnlyDictionary<string, ProviderManifest> given) : IAsyncDisposable
    {
        private readonly Dictionary<string, IProvider> opened = new(StringComparer.Ordinal);

        public IProvider Given(string name) => given.TryGetValue(name, out var manifest)
            ? Open(name, manifest.Spec)
            : throw new StartException($"The files hold no provider {name}; give its manifest with -f, as it is reached now.");

        public IProvider Of(EnvironmentRecord record, string name) =>
            given.ContainsKey(name) ? Given(name)
            : record.Providers.FirstOrDefault(p => p.Name == name) is { } exported ? Open(name, Spec(exported.Spec))
            : throw new StartException($"The export of environment {record.Environment} does not hold provider {name}; give its manifest with -f.");

        /// <summary>The given manifests.</summary>
        public IReadOnlyCollection<PutProvider> Manifests =>
        [
            .. given.Values.Select(manifest => new PutProvider
            {
                RequestId = Guid.NewGuid().ToString("N"),
                Name = manifest.Metadata.Name,
                Spec = CanonicalJson.Of(manifest.Spec),
                Labels = new Dictionary<string, string>(manifest.Metadata.Labels),
                Annotations = new Dictionary<string, string>(manifest.Metadata.Annotations),
            }),
        ];

        public async ValueTask DisposeAsync()
        {
            foreach (var provider in opened.Values)
            {
                await provider.DisposeAsync();
            }
        }

        private static ProviderSpec Spec(string json) =>
            System.Text.Json.JsonSerializer.Deserialize(json, ModelJson.Default.ProviderSpec) ?? throw new InvalidDataException("The export holds a provider without a spec.");

        private IProvider Open(string name, ProviderSpec spec)
        {
            if (!opened.TryGetValue(name, out var provider))
            {
                var factory = factories.FirstOrDefault(f => f.Type == spec.Type)
                    ?? throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {name} is of type {spec.Type}, which this engine does not have.");
                opened[name] = provider = factory.Create(new ProviderSettings(name, spec.Type, installation, home.Directory, ProviderOptions.Of(spec)), new NoFirstBoot());
            }

            return provider;
        }
    }
}
