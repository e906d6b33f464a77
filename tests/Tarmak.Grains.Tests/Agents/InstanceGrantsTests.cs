using Tarmak.Grains.Agents;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Agents;

public sealed class InstanceGrantsTests : IDisposable
{
    private const string Instance = "dev/demo/etcd/0";
    private const string Uid = "uid-etcd-0";

    private static readonly InstanceGrant s_bundle = new(GrantPaths.Bundle(Instance), [GrantVerbs.Read]);

    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteMachineStore _store;
    private readonly InstanceGrants _grants;

    public InstanceGrantsTests()
    {
        _database = _home.Open();
        _store = new SqliteMachineStore(_database, TimeProvider.System);
        _grants = new InstanceGrants(new SqliteInventory(_database));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Look_BeforeAnythingIsRecorded_TellsSo() => (await LookAsync()).Should().Be(GrantVerdict.Unrecorded);

    [Theory]
    [InlineData(Phase.Provisioning)]
    [InlineData(Phase.Ready)]
    [InlineData(Phase.Updating)]
    public async Task Look_AtWhatIsRecorded_IsGranted(Phase phase)
    {
        await StoreAsync(phase, Uid, null, s_bundle);

        (await LookAsync()).Should().Be(GrantVerdict.Granted);
    }

    [Fact]
    public async Task Look_AfterTheCommitThatWithdrewIt_IsRefused()
    {
        var etag = await StoreAsync(Phase.Ready, Uid, null, s_bundle);
        await StoreAsync(Phase.Updating, Uid, etag);

        (await LookAsync()).Should().Be(GrantVerdict.Refused);
    }

    [Theory]
    [InlineData("configuration/bundles/dev/demo/etcd/1", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd/0/more", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd/0", GrantVerbs.Sign)]
    public async Task Look_AtAnotherPathOrVerb_IsRefused(string path, string verb)
    {
        await StoreAsync(Phase.Ready, Uid, null, s_bundle);

        (await _grants.LookAsync(Instance, Uid, path, verb, Token)).Should().Be(GrantVerdict.Refused);
    }

    [Fact]
    public async Task Look_OfAnEarlierInstanceOfTheName_FindsNothingRecorded()
    {
        await StoreAsync(Phase.Ready, "uid-of-another", null, s_bundle);

        (await LookAsync()).Should().Be(GrantVerdict.Unrecorded);
    }

    [Fact]
    public async Task Look_OnceTheRecordIsToGo_IsRefused()
    {
        await StoreAsync(Phase.Deleting, Uid, null, s_bundle);

        (await LookAsync()).Should().Be(GrantVerdict.Refused);
    }

    private Task<GrantVerdict> LookAsync() => _grants.LookAsync(Instance, Uid, GrantPaths.Bundle(Instance), GrantVerbs.Read, Token);

    private Task<string> StoreAsync(Phase phase, string uid, string? etag, params InstanceGrant[] grants)
    {
        var address = new MachineAddress(MachineKind.Capability, $"{Instance}#{ResourceKinds.AccessGrants}/main");
        var state = Sample.State(address, phase: phase) with { Resource = new ResourceLedger { Provider = EngineProvider.Name } };
        var desired = state.Desired! with { Spec = ResourceJson.Write(new AccessGrantsSpec(Instance, uid, [.. grants])), Deleting = phase == Phase.Deleting };
        return _store.WriteAsync(state with { Desired = desired }, etag, Sample.NoEvents, Token);
    }
}
