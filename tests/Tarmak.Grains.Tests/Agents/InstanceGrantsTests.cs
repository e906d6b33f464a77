using Tarmak.Grains.Agents;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Agents;

public sealed class InstanceGrantsTests : IDisposable
{
    private static readonly InstanceGrant s_bundle = new(GrantPaths.Bundle(RecordedInstance.Key), [GrantVerbs.Read]);

    private readonly RecordedInstance _instance = new();
    private readonly InstanceGrants _grants;

    public InstanceGrantsTests() => _grants = new InstanceGrants(_instance.Inventory);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _instance.Dispose();

    [Fact]
    public async Task Look_BeforeAnythingIsRecorded_TellsSo() => (await LookAsync()).Should().Be(GrantVerdict.Unrecorded);

    [Theory]
    [InlineData(Phase.Provisioning)]
    [InlineData(Phase.Ready)]
    [InlineData(Phase.Updating)]
    public async Task Look_AtWhatIsRecorded_IsGranted(Phase phase)
    {
        await StoreAsync(phase, RecordedInstance.Uid, null, s_bundle);

        (await LookAsync()).Should().Be(GrantVerdict.Granted);
    }

    [Fact]
    public async Task Look_AfterTheCommitThatWithdrewIt_IsRefused()
    {
        var etag = await StoreAsync(Phase.Ready, RecordedInstance.Uid, null, s_bundle);
        await StoreAsync(Phase.Updating, RecordedInstance.Uid, etag);

        (await LookAsync()).Should().Be(GrantVerdict.Refused);
    }

    [Theory]
    [InlineData("configuration/bundles/dev/demo/etcd/1", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd/0/more", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd", GrantVerbs.Read)]
    [InlineData("configuration/bundles/dev/demo/etcd/0", GrantVerbs.Sign)]
    public async Task Look_AtAnotherPathOrVerb_IsRefused(string path, string verb)
    {
        await StoreAsync(Phase.Ready, RecordedInstance.Uid, null, s_bundle);

        (await _grants.LookAsync(RecordedInstance.Key, RecordedInstance.Uid, path, verb, Token)).Should().Be(GrantVerdict.Refused);
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
        await StoreAsync(Phase.Deleting, RecordedInstance.Uid, null, s_bundle);

        (await LookAsync()).Should().Be(GrantVerdict.Refused);
    }

    private Task<GrantVerdict> LookAsync() =>
        _grants.LookAsync(RecordedInstance.Key, RecordedInstance.Uid, GrantPaths.Bundle(RecordedInstance.Key), GrantVerbs.Read, Token);

    private Task<string> StoreAsync(Phase phase, string uid, string? etag, params InstanceGrant[] grants) => _instance.StoreAsync(
        ResourceKinds.AccessGrants, ResourceJson.Write(new AccessGrantsSpec(RecordedInstance.Key, uid, [.. grants])), phase, etag);
}
