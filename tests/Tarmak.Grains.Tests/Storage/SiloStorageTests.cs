using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Tests.Storage;

/// <summary>Orleans' own persistence and reminders in the engine's database, through real silos.</summary>
public sealed class SiloStorageTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ReminderProbe _probe = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task GrainState_SiloRestarted_IsThereWithItsETag()
    {
        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<IStorageTestGrain>("a");
            await grain.SetAsync("first");
            await grain.SetAsync("second");
            await cluster.Client.GetGrain<IStorageTestGrain>("b").SetAsync("other");
        }

        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<IStorageTestGrain>("a");
            (await grain.GetAsync()).Should().Be("second");
            await grain.SetAsync("third");
            (await cluster.Client.GetGrain<IStorageTestGrain>("b").GetAsync()).Should().Be("other");
            await cluster.Client.GetGrain<IStorageTestGrain>("b").ClearAsync();
        }

        await using (var cluster = await StartAsync())
        {
            (await cluster.Client.GetGrain<IStorageTestGrain>("a").GetAsync()).Should().Be("third");
            var cleared = cluster.Client.GetGrain<IStorageTestGrain>("b");
            (await cleared.GetAsync()).Should().BeNull();
            await cleared.SetAsync("again");
            (await cleared.GetAsync()).Should().Be("again");
        }
    }

    [Fact]
    public async Task Reminder_SiloRestarted_TicksWithoutACall()
    {
        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<IStorageTestGrain>("a");
            await grain.RemindAsync("wake");
            await grain.RemindAsync("wake");
            await grain.RemindAsync("gone");
            (await grain.ForgetAsync("gone")).Should().BeTrue();
        }

        _probe.Reset();
        await using (var cluster = await StartAsync())
        {
            await _probe.Ticked.WaitAsync(TimeSpan.FromSeconds(60), Token);
            (await cluster.Client.GetGrain<IStorageTestGrain>("a").RemindersAsync()).Should().Equal("wake");
        }
    }

    [Fact]
    public async Task GrainStorage_ManyRacingFirstWrites_OneWins()
    {
        await using var cluster = await StartAsync();
        var storage = cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(StorageHostingExtensions.SettingsStorage);
        var id = GrainId.Create("racing", "key");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(() => TryWriteAsync(storage, id, n), Token)));

        outcomes.Count(won => won).Should().Be(1);
        var read = new GrainState<StorageTestState>(new StorageTestState());
        await storage.ReadStateAsync("racing", id, read);
        read.State!.Value.Should().Be($"{Array.IndexOf(outcomes, true)}");
    }

    [Fact]
    public async Task GrainStorage_MachineWritesMeanwhile_NeitherFails()
    {
        await using var cluster = await StartAsync();
        var services = cluster.Silos[0].ServiceProvider;
        var store = services.GetRequiredService<IMachineStore>();
        var storage = services.GetRequiredKeyedService<IGrainStorage>(StorageHostingExtensions.SettingsStorage);

        await Task.WhenAll(
            Task.Run(() => WriteMachinesAsync(store), Token),
            Task.Run(
                async () =>
                {
                    var state = new GrainState<StorageTestState>(new StorageTestState());
                    for (var n = 0; n < 50; n++)
                    {
                        state.State!.Value = $"{n}";
                        await storage.WriteStateAsync("busy", GrainId.Create("busy", "key"), state);
                    }
                },
                Token));

        (await store.ReadAsync(Sample.Demo, Token))!.State.Desired!.Generation.Should().Be(300);
    }

    [Fact]
    public async Task Services_UseTarmakStorage_AreOverTheDatabase()
    {
        await using var cluster = await StartAsync();
        var services = cluster.Silos[0].ServiceProvider;

        services.GetRequiredService<IMachineStore>().Should().BeOfType<SqliteMachineStore>();
        services.GetRequiredService<IInventory>().Should().BeOfType<SqliteInventory>();
        services.GetRequiredService<IAgentDirectory>().Should().BeOfType<SqliteAgentDirectory>();
        services.GetRequiredService<EngineDatabase>().Path.Should().Be(_home.File);
    }

    private static async Task WriteMachinesAsync(IMachineStore store)
    {
        string? etag = null;
        for (var n = 1; n <= 300; n++)
        {
            etag = await store.WriteAsync(Sample.State(Sample.Demo, n), etag, Sample.NoEvents, Token);
        }
    }

    private static async Task<bool> TryWriteAsync(IGrainStorage storage, GrainId id, int n)
    {
        try
        {
            await storage.WriteStateAsync("racing", id, new GrainState<StorageTestState>(new StorageTestState { Value = $"{n}" }));
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "tarmak";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseTarmakStorage(_home.Path);
            silo.Services.AddSingleton(_probe);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
