using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>Firewalls measured by real connections between real machines.</summary>
[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class FirewallTests(EngineFixture fixture)
{
    private const string Guarded = "10.213.9.10";
    private const string Friend = "10.213.9.20";
    private const string Stranger = "10.213.9.21";
    private const string Moved = "10.213.9.22";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Group_LetsInWhatItsRulesSay_AsMachinesComeGoAndChangeAddress()
    {
        await using var cloud = new Cloud(fixture);
        var network = await cloud.InnerAsync("10.213.9.0/24");
        var groups = cloud.Provider.Firewall.Groups;
        var group = (await cloud.MakeAsync<FirewallGroupSpec, FirewallGroupOutputs>(groups, "guarded-group", new FirewallGroupSpec(network.NetworkId, "etcd"))).GroupId;
        var rules = cloud.Call("guarded-rules");
        async Task OpenAsync(params FirewallRule[] open) =>
            (await cloud.Provider.Firewall.Rules.EnsureAsync(rules, new FirewallRulesSpec(group, [.. open]), Token)).ShouldSucceed();
        await OpenAsync(From(Friend, 2379));

        var guarded = (await MachineAsync(cloud, network, "guarded", Guarded, group)).MachineId;
        var friend = (await MachineAsync(cloud, network, "friend", Friend, null)).MachineId;
        var stranger = (await MachineAsync(cloud, network, "stranger", Stranger, null)).MachineId;
        foreach (var port in new[] { 2379, 2380 })
        {
            await ListenAsync(guarded, port);
        }

        await ListenAsync(friend, 2379);
        (await ReachesAsync(friend, Guarded, 2379)).Should().BeTrue("the rules say so");
        (await ReachesAsync(friend, Guarded, 2380)).Should().BeFalse("the port is closed");
        (await ReachesAsync(stranger, Guarded, 2379)).Should().BeFalse("it comes from another address");
        (await ReachesAsync(guarded, Friend, 2379)).Should().BeTrue("what a machine begins itself passes");

        await OpenAsync(From(Friend, 2380), From(Stranger, 2379));
        (await ReachesAsync(friend, Guarded, 2379)).Should().BeFalse("it was closed");
        (await ReachesAsync(friend, Guarded, 2380)).Should().BeTrue();
        (await ReachesAsync(stranger, Guarded, 2379)).Should().BeTrue();

        // The machine that was let in comes back at another address, and another has its old one.
        var spec = await cloud.SpecAsync(network, Friend);
        await DeleteAsync(cloud, "friend", spec);
        var moved = (await MachineAsync(cloud, network, "moved", Moved, null)).MachineId;
        var taker = (await MachineAsync(cloud, network, "taker", Friend, null)).MachineId;
        await OpenAsync(From(Moved, 2380));
        (await ReachesAsync(moved, Guarded, 2380)).Should().BeTrue();
        (await ReachesAsync(taker, Guarded, 2380)).Should().BeFalse("the address has another owner now");

        // What somebody changes in the machine is seen and mended.
        await RunAsync(guarded, "nft flush ruleset");
        (await ReachesAsync(taker, Guarded, 2380)).Should().BeTrue("nothing guards the machine");
        var wanted = new FirewallRulesSpec(group, [From(Moved, 2380)]);
        var seen = (await cloud.Provider.Firewall.Rules.ObserveAsync(rules, wanted, Token)).ShouldSucceed();
        seen.InSync.Should().BeFalse();
        seen.Detail.Should().Contain(guarded);
        await OpenAsync(From(Moved, 2380));
        (await ReachesAsync(taker, Guarded, 2380)).Should().BeFalse();

        // A machine that starts again has its rules before anything listens, those that were changed meanwhile included.
        await fixture.Engine.Client.Containers.StopContainerAsync(guarded, new() { WaitBeforeKillSeconds = 5 }, Token);
        await OpenAsync(From(Moved, 2379));
        (await cloud.Provider.Compute.Machines.EnsureAsync(cloud.Call("guarded"), (await cloud.SpecAsync(network, Guarded)) with { FirewallGroupId = group }, Token)).ShouldSucceed();
        await RunAsync(guarded, "until systemctl is-active -q tarmak-firewall; do sleep 0.05; done");
        await ListenAsync(guarded, 2379);
        await ListenAsync(guarded, 2380);
        (await ReachesAsync(moved, Guarded, 2379)).Should().BeTrue("its neighbours need not learn anything anew");
        (await ReachesAsync(moved, Guarded, 2380)).Should().BeFalse();
        (await cloud.Provider.Firewall.Rules.ObserveAsync(rules, new FirewallRulesSpec(group, [From(Moved, 2379)]), Token)).ShouldSucceed().InSync.Should().BeTrue();

        // Without rules a group is closed.
        var last = new FirewallRulesSpec(group, [From(Moved, 2379)]);
        // Nor where the one who closed it came no further than the record: the machine could not be told then.
        await RunAsync(guarded, "mv /usr/lib/tarmak/firewall /usr/lib/tarmak/away");
        (await cloud.Provider.Firewall.Rules.DeleteAsync(rules with { ObjectId = $"{group}/rules" }, last, Token)).Should().NotBeOfType<StepOutcome.Succeeded>();
        await RunAsync(guarded, "mv /usr/lib/tarmak/away /usr/lib/tarmak/firewall");
        (await ReachesAsync(moved, Guarded, 2379)).Should().BeTrue("the machine was not told");
        (await cloud.Provider.Firewall.Rules.DeleteAsync(rules with { ObjectId = $"{group}/rules" }, last, Token)).ShouldSucceed();
        (await ReachesAsync(moved, Guarded, 2379)).Should().BeFalse();
    }

    [Fact]
    public async Task Edge_ToItsInnerSide_AnswersNamesAndAgentsOnly()
    {
        await using var cloud = new Cloud(fixture);
        var edge = await cloud.EdgeAsync();
        var network = await cloud.InnerAsync("10.213.10.0/24");
        await cloud.MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(
            cloud.Provider.Network.EdgeAttachments, "attachment", new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, "10.213.10.2"));
        var balancer = await cloud.MakeAsync<LoadBalancerSpec, LoadBalancerOutputs>(
            cloud.Provider.LoadBalancing.Balancers, "balancer", new LoadBalancerSpec(edge.EdgeId, network.NetworkId, new HealthCheck("tcp", null, 1, 1, 1, 1), null, 60));

        var machine = (await MachineAsync(cloud, network, "machine", "10.213.10.10", null)).MachineId;

        (await ReachesAsync(machine, "10.213.10.2", 53)).Should().BeTrue("names are asked of the edge");
        (await ReachesAsync(machine, "10.213.10.2", balancer.Port)).Should().BeFalse("balancers are for those outside");
        (await ReachesAsync(machine, "10.213.10.2", 7443)).Should().BeFalse("engines come from outside");
        using var outside = new System.Net.Sockets.TcpClient();
        await outside.ConnectAsync(balancer.Host, balancer.Port, Token);
    }

    private static FirewallRule From(string address, params ImmutableArray<int> ports) =>
        new(new FirewallPeer(FirewallPeerKinds.Role, "friend") { Addresses = [$"{address}/32"] }, FirewallProtocols.Tcp, ports);

    private static async Task<MachineOutputs> MachineAsync(Cloud cloud, NetworkOutputs network, string name, string address, string? group) =>
        await cloud.MakeAsync<MachineSpec, MachineOutputs>(
            cloud.Provider.Compute.Machines, name, (await cloud.SpecAsync(network, address)) with { FirewallGroupId = group });

    private static async Task DeleteAsync(Cloud cloud, string name, MachineSpec spec)
    {
        var seen = (await cloud.Provider.Compute.Machines.ObserveAsync(cloud.Call(name), spec, Token)).ShouldSucceed();
        (await cloud.Provider.Compute.Machines.DeleteAsync(cloud.Call(name) with { ObjectId = seen.ObjectId }, spec, Token)).ShouldSucceed();
    }

    private Task ListenAsync(string machine, int port) => RunAsync(
        machine,
        $"setsid ruby -rsocket -e 's = TCPServer.new({port}); loop {{ s.accept.close }}' > /dev/null 2>&1 < /dev/null & until ss -ltn | grep -q ':{port} '; do sleep 0.05; done");

    private async Task<bool> ReachesAsync(string machine, string address, int port) =>
        (await fixture.Engine.ExecAsync(machine, ["/usr/bin/timeout", "2", "/bin/bash", "-c", $": > /dev/tcp/{address}/{port}"], Token)).ExitCode == 0;

    private async Task RunAsync(string machine, string script)
    {
        var result = await fixture.Engine.ExecAsync(machine, ["/bin/sh", "-c", script], Token);
        result.ExitCode.Should().Be(0, result.Errors);
    }
}
