using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.TestingHost;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Drift;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Tests.Hosting;

/// <summary>The machines' grains in a real silo, on a home and a shelf of their own. Nothing watches for drift but what a test starts.</summary>
internal sealed class GrainSilo : IAsyncDisposable
{
    public const string Spec = """{"type":"shelf"}""";
    public const string OtherSpec = """{"type":"shelf","host":"unix:///run/other.sock"}""";

    private readonly InProcessTestCluster cluster;

    private GrainSilo(InProcessTestCluster cluster, Shelf shelf)
    {
        this.cluster = cluster;
        Shelf = shelf;
    }

    public Shelf Shelf { get; }

    public IServiceProvider Services => cluster.Silos[0].ServiceProvider;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IInventory Inventory => Services.GetRequiredService<IInventory>();

    public ProviderCatalog Providers => Services.GetRequiredService<ProviderCatalog>();

    public DriftCheck Drift => Services.GetRequiredService<DriftCheck>();

    public IProviderSettingsGrain Settings => Grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<GrainSilo> StartAsync(TemporaryHome home, Shelf shelf)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "tarmak";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseTarmakStorage(home.Path);
            silo.Services.AddTarmakGrains();
            silo.Services.AddSingleton(new InstallationIdentity("0123456789ab", home.Path));
            silo.Services.AddSingleton<IProviderFactory>(shelf);
            silo.Services.AddSingleton<IFirstBootSecrets, NoSecrets>();
            silo.Services.AddSingleton(_ => EngineAuthority.OpenAsync(new NoSecrets(), TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult());
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new GrainSilo(cluster, shelf);
    }

    public Task<AcceptResult> PutAsync(string provider, string spec = Spec, string team = "a") =>
        Settings.PutAsync(new PutProvider { RequestId = Guid.NewGuid().ToString("N"), Name = provider, Spec = spec, Labels = new() { ["team"] = team } });

    /// <summary>Makes a volume of a provider and waits until it is ready.</summary>
    public async Task<InventoryRow> MakeVolumeAsync(string provider, string name, string environment = "dev")
    {
        var address = MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.Volume, name);
        await ApplyAsync(address, provider);
        return await AwaitAsync(address, row => row.Phase == Phase.Ready);
    }

    public Task<StatusMessage> ApplyAsync(MachineAddress address, string provider) => Grains.GetGrain<ICapabilityGrain>(address.Key).ApplyAsync(new ApplyMessage
    {
        Uid = $"{provider}-{Guid.NewGuid():N}",
        ParentKind = nameof(MachineKind.Environment),
        ParentKey = address.Environment,
        ParentUid = "parent",
        Generation = 1,
        Spec = ResourceJson.Write(new VolumeSpec(1, "ssd", null)),
        Provider = provider,
    });

    /// <summary>Waits until a machine's row is as wanted.</summary>
    public async Task<InventoryRow> AwaitAsync(MachineAddress address, Predicate<InventoryRow> isWanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        // Not from 0: what was deleted before is told as well.
        await foreach (var change in Inventory.WatchAsync(new InventoryQuery(Key: address.Key), 1, limit.Token))
        {
            if (change.Row is { } row && isWanted(row))
            {
                return row;
            }
        }

        throw new InvalidOperationException("The watch ended.");
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
