using Tarmak.Grains.Agents;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Agents;

public sealed class InstanceBundlesTests : IDisposable
{
    private const string Instance = "dev/demo/etcd/0";
    private const string Uid = "uid-etcd-0";
    private static readonly string Hash = new('b', 64);

    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteMachineStore _store;
    private readonly SqliteAgentDirectory _directory;
    private readonly InstanceBundles _bundles;

    public InstanceBundlesTests()
    {
        _database = _home.Open();
        _store = new SqliteMachineStore(_database, TimeProvider.System);
        _directory = new SqliteAgentDirectory(_database);
        _bundles = new InstanceBundles(new SqliteInventory(_database), _directory);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Current_OfABundleThatIsReady_IsInForce()
    {
        await EnrolAsync("token");
        await StoreAsync(Phase.Ready, Uid);

        (await _bundles.CurrentAsync(Uid, Token)).Should().BeOfType<BundleStanding.InForce>().Which.Bundle.Hash.Should().Be(Hash);
    }

    [Theory]
    [InlineData(Phase.Updating, Uid)]
    [InlineData(Phase.Ready, "uid-of-an-earlier-instance")]
    public async Task Current_OfABundleThatIsNotThisOneYet_IsChanging(Phase phase, string uid)
    {
        await EnrolAsync("token");
        await StoreAsync(phase, uid);

        (await _bundles.CurrentAsync(Uid, Token)).Should().BeOfType<BundleStanding.Changing>();
    }

    [Fact]
    public async Task Current_BeforeThereIsABundle_IsChanging()
    {
        await EnrolAsync("token");

        (await _bundles.CurrentAsync(Uid, Token)).Should().BeOfType<BundleStanding.Changing>();
    }

    [Fact]
    public async Task Current_OnceAnotherMachineIsStarted_HasNoMachine()
    {
        await EnrolAsync("token");
        await StoreAsync(Phase.Ready, Uid);
        await OpenAsync("newer");

        (await _bundles.CurrentAsync(Uid, Token)).Should().BeOfType<BundleStanding.NoMachine>();
    }

    private Task OpenAsync(string token) =>
        _directory.OpenEnrolmentAsync(new OpenEnrolment(Instance, Uid, token, token, Sample.Noon), Token);

    private async Task EnrolAsync(string token)
    {
        await OpenAsync(token);
        (await _directory.UseEnrolmentAsync(Uid, token, "key", [], Sample.Noon, Token)).Should().NotBeNull();
    }

    private async Task StoreAsync(Phase phase, string uid)
    {
        var address = new MachineAddress(MachineKind.Capability, $"{Instance}#{ResourceKinds.Bundle}/main");
        var spec = ResourceJson.Write(new BundleSpec
        {
            Environment = "dev",
            Cluster = "demo",
            Pool = "etcd",
            Role = "etcd",
            Index = 0,
            InstanceUid = uid,
            HostName = "etcd-0",
            Fqdn = "etcd-0.demo.dev.tarmak.local",
            Address = "10.99.32.20",
            DnsServer = "10.99.0.2",
            PrivateZone = "tarmak.local",
            BucketId = "configuration",
        });
        var state = Sample.State(address, phase: phase) with
        {
            Outputs = ResourceJson.Write(new BundleOutputs(Hash)),
            Resource = new ResourceLedger { Provider = EngineProvider.Name },
        };
        await _store.WriteAsync(state with { Desired = state.Desired! with { Spec = spec } }, null, Sample.NoEvents, Token);
    }
}
