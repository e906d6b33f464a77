using Tarmak.Grains.Agents;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Agents;

public sealed class InstanceBundlesTests : IDisposable
{
    private static readonly string Hash = new('b', 64);

    private readonly RecordedInstance _instance = new();
    private readonly SqliteAgentDirectory _directory;
    private readonly InstanceBundles _bundles;

    public InstanceBundlesTests()
    {
        _directory = new SqliteAgentDirectory(_instance.Database);
        _bundles = new InstanceBundles(_instance.Inventory, _directory);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _instance.Dispose();

    [Fact]
    public async Task Current_OfABundleThatIsReady_IsInForce()
    {
        await EnrolAsync("token");
        await StoreAsync(Phase.Ready, RecordedInstance.Uid);

        (await _bundles.CurrentAsync(RecordedInstance.Uid, Token)).Should().BeOfType<BundleStanding.InForce>().Which.Bundle.Hash.Should().Be(Hash);
    }

    [Theory]
    [InlineData(Phase.Updating, RecordedInstance.Uid)]
    [InlineData(Phase.Ready, "uid-of-an-earlier-instance")]
    public async Task Current_OfABundleThatIsNotThisOneYet_IsChanging(Phase phase, string uid)
    {
        await EnrolAsync("token");
        await StoreAsync(phase, uid);

        (await _bundles.CurrentAsync(RecordedInstance.Uid, Token)).Should().BeOfType<BundleStanding.Changing>();
    }

    [Fact]
    public async Task Current_BeforeThereIsABundle_IsChanging()
    {
        await EnrolAsync("token");

        (await _bundles.CurrentAsync(RecordedInstance.Uid, Token)).Should().BeOfType<BundleStanding.Changing>();
    }

    [Fact]
    public async Task Current_OnceAnotherMachineIsStarted_HasNoMachine()
    {
        await EnrolAsync("token");
        await StoreAsync(Phase.Ready, RecordedInstance.Uid);
        await OpenAsync("newer");

        (await _bundles.CurrentAsync(RecordedInstance.Uid, Token)).Should().BeOfType<BundleStanding.NoMachine>();
    }

    private Task OpenAsync(string token) =>
        _directory.OpenEnrolmentAsync(new OpenEnrolment(RecordedInstance.Key, RecordedInstance.Uid, token, token, Sample.Noon), Token);

    private async Task EnrolAsync(string token)
    {
        await OpenAsync(token);
        (await _directory.UseEnrolmentAsync(RecordedInstance.Uid, token, "key", [], Sample.Noon, Token)).Should().NotBeNull();
    }

    private async Task StoreAsync(Phase phase, string uid)
    {
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
        await _instance.StoreAsync(ResourceKinds.Bundle, spec, phase, outputs: ResourceJson.Write(new BundleOutputs(Hash)));
    }
}
