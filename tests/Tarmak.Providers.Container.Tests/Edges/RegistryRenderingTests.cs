using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Identities;

namespace Tarmak.Providers.Container.Tests.Edges;

public sealed class RegistryRenderingTests
{
    private static readonly RecordedOwner s_mark = RecordedOwner.Of(TestCalls.Call("x"));

    [Fact]
    public void Frontend_WithoutRepositories_IsNone() => RegistryRendering.Frontend(State([], Identity("uid-1", ["web"]))).Should().BeEmpty();

    [Fact]
    public void Frontend_NamesWhoMayPull_AndNobodyWhoMayPush()
    {
        var text = RegistryRendering.Frontend(State(["web", "demo/tools"], Identity("uid-1", ["web"]), Identity("uid-2", ["demo/tools", "gone"])));

        text.Should().Contain("verify required").And.Contain("  acl known ssl_c_s_dn(CN) -m str -- uid-1\n").And.Contain("  acl may_pull var(txn.use) -m str -- uid-1/web\n")
            .And.Contain("  acl may_pull var(txn.use) -m str -- uid-2/demo/tools\n");
        text.Should().NotContain("gone", "it is not there").And.NotContain("may_push var(txn.use) -m str -- uid");
    }

    [Fact]
    public void Frontend_WithThePolicy_NamesWhoMayPush()
    {
        var text = RegistryRendering.Frontend(State(["web"], Identity("uid-1", ["web"]) with { Policies = [AccessIdentityDriver.RegistryPush] }));

        text.Should().Contain("  acl may_push var(txn.use) -m str -- uid-1/web\n");
    }

    [Fact]
    public void Frontend_KnowsNobody_WhoMayNothing() => RegistryRendering.Frontend(State(["web"], Identity("uid-1", []))).Should().NotContain("uid-1");

    [Fact]
    public void Names_AreALineEach() => RegistryRendering.Names(State(["web", "demo/tools"])).Should().Be("demo/tools\nweb\n");

    [Fact]
    public void State_WrittenBeforeThereWasARegistry_HasNone()
    {
        var read = System.Text.Json.JsonSerializer.Deserialize("""{"schema":1,"version":3,"zones":{},"balancers":{},"peerings":{}}""", EdgeStateJson.Default.EdgeState)!;

        read.Repositories.Should().BeEmpty();
        read.Identities.Should().BeEmpty();
    }

    private static EdgeState State(string[] repositories, params AccessIdentitySpec[] identities) => new()
    {
        Repositories = repositories.ToImmutableSortedDictionary(r => r, _ => s_mark, StringComparer.Ordinal),
        Identities = identities.ToImmutableSortedDictionary(i => i.Instance, i => new EdgeIdentity(s_mark, i), StringComparer.Ordinal),
    };

    private static AccessIdentitySpec Identity(string uid, string[] repositories) => new()
    {
        Instance = $"dev/demo/{uid}/0",
        InstanceUid = uid,
        Role = "worker",
        Grants = [.. repositories.Select(r => new InstanceGrant(GrantPaths.Repository(r), [GrantVerbs.Pull]))],
    };
}
