using Tarmak.Grains.Drivers;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Drivers;

public sealed class AccessDriversTests
{
    private const string Instance = "dev/demo/etcd/0";

    private static readonly AccessIdentitySpec s_identity = new() { Instance = Instance, InstanceUid = "uid", Role = "etcd" };
    private static readonly AccessGrantsSpec s_grants = new(Instance, "uid", [new InstanceGrant(GrantPaths.Bundle(Instance), [GrantVerbs.Read])]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grants_AreThere_FromTheFirstEnsureOn()
    {
        var driver = new AccessGrantsDriver();

        Seen(await driver.ObserveAsync(Call(null), s_grants, Token)).Exists.Should().BeFalse();
        var made = Seen(await driver.EnsureAsync(Call(null), s_grants, Token));
        Seen(await driver.EnsureAsync(Call(null), s_grants, Token)).Should().Be(made);
        Seen(await driver.ObserveAsync(Call(made.ObjectId), s_grants, Token)).Should().Be(made);
        Seen(await driver.DeleteAsync(Call(made.ObjectId), s_grants, Token)).Exists.Should().BeFalse();
    }

    [Fact]
    public void ChangedGrants_ChangeTheRecord_AndMakeNoOther()
    {
        var changed = s_grants with { Grants = [] };

        new AccessGrantsDriver().Traits.Compare(ResourceJson.Write(s_grants), ResourceJson.Write(changed)).Should().Be(ChangeEffect.Update);
        new AccessGrantsDriver().Traits.Compare(ResourceJson.Write(s_grants), ResourceJson.Write(s_grants with { })).Should().Be(ChangeEffect.None);
    }

    [Fact]
    public async Task Identity_WhereACloudHasNone_IsNobody()
    {
        var driver = new NoIdentityDriver();

        var made = Seen(await driver.EnsureAsync(Call(null), s_identity, Token));
        Seen(await driver.ObserveAsync(Call(made.ObjectId), s_identity, Token)).Should().Be(made);
        ResourceJson.Read<AccessIdentityOutputs>(made.Outputs!).MachineIdentity.Should().BeNull();
        Seen(await driver.ObserveAsync(Call(null), s_identity, Token)).Exists.Should().BeFalse();
        Seen(await driver.DeleteAsync(Call(made.ObjectId), s_identity, Token)).Exists.Should().BeFalse();
    }

    [Fact]
    public async Task Identity_ThatTheCloudHadBefore_IsNotTakenForNobody() =>
        Seen(await new NoIdentityDriver().ObserveAsync(Call("role-1"), s_identity, Token)).Exists.Should().BeFalse();

    [Fact]
    public async Task Identity_ThatAsksForMoreThanNothing_IsRefused()
    {
        var driver = new NoIdentityDriver();

        foreach (var wanted in new[] { s_identity with { Policies = ["admin"] }, s_identity with { Grants = s_grants.Grants } })
        {
            var refused = (await driver.EnsureAsync(Call(null), wanted, Token)).Should().BeOfType<StepOutcome.Failed>().Which;
            refused.Error.Should().Be(ErrorClass.InvalidSpec);
            refused.Message.Should().Contain(Instance).And.Contain(CapabilityNames.AccessIdentity);
        }
    }

    private static Observation Seen(StepOutcome outcome) => outcome.Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;

    private static ResourceCall Call(string? objectId) => new()
    {
        Marks = new OwnerMarks("installation", "dev", "demo", "uid-of-the-record", $"{Instance}#access-grants/main"),
        Name = "tarmak-dev-demo-etcd-0",
        Incarnation = 1,
        Token = "token",
        ObjectId = objectId,
    };
}
