using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>Ways between networks, measured by real connections between real machines.</summary>
[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class PeeringTests(EngineFixture fixture)
{
    private const string Hub = "10.213.16.0/24";
    private const string Spoke = "10.213.17.0/24";
    private const string Other = "10.213.18.0/24";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peering_OnceAccepted_LeadsBothWaysWithAddressesUnchanged_AndNowhereElse()
    {
        await using var cloud = new Cloud(fixture);
        var edge = await cloud.EdgeAsync();
        var hub = await NetworkAsync(cloud, edge, "hub", Hub, "10.213.16.2");
        var spoke = await NetworkAsync(cloud, edge, "spoke", Spoke, "10.213.17.2");
        var other = await NetworkAsync(cloud, edge, "other", Other, "10.213.18.2");
        var group = (await cloud.MakeAsync<FirewallGroupSpec, FirewallGroupOutputs>(
            cloud.Provider.Firewall.Groups, "group", new FirewallGroupSpec(hub.NetworkId, "vault"))).GroupId;
        async Task LetInAsync(string address) => (await cloud.Provider.Firewall.Rules.EnsureAsync(
            cloud.Call("rules"),
            new FirewallRulesSpec(group, [new FirewallRule(new FirewallPeer(FirewallPeerKinds.Role, "spoke/etcd") { Addresses = [$"{address}/32"] }, FirewallProtocols.Tcp, [8200])]),
            Token)).ShouldSucceed();
        await LetInAsync("10.213.17.10");
        var vault = await MachineAsync(cloud, hub, "vault", "10.213.16.10", "10.213.16.2", group);
        var member = await MachineAsync(cloud, spoke, "member", "10.213.17.10", "10.213.17.2");
        var stranger = await MachineAsync(cloud, other, "stranger", "10.213.18.10", "10.213.18.2");
        foreach (var (machine, port) in new[] { (vault, 8200), (vault, 22), (member, 2379) })
        {
            await ListenAsync(machine, port);
        }

        // Refused first, the offer alone included.
        var offers = cloud.Provider.NetworkPeering.Offers;
        (await SeenByAsync(member, "10.213.16.10", 8200)).Should().BeEmpty("nothing is peered");
        var offer = await cloud.MakeAsync<PeeringOfferSpec, PeeringOfferOutputs>(
            offers, "offer", new PeeringOfferSpec(spoke.NetworkId, Spoke, hub.NetworkId, Hub, edge.EdgeId));
        (await SeenByAsync(member, "10.213.16.10", 8200)).Should().BeEmpty("an offer opens nothing");

        var accepted = new PeeringAcceptanceSpec(offer.OfferId, hub.NetworkId, Hub, spoke.NetworkId, Spoke);
        await cloud.MakeAsync<PeeringAcceptanceSpec, PeeringAcceptanceOutputs>(cloud.Provider.NetworkPeering.Acceptances, "accepted", accepted);

        (await SeenByAsync(member, "10.213.16.10", 8200)).Should().Be("10.213.17.10", "the way is there, and the address is its own");
        (await SeenByAsync(member, "10.213.16.10", 22)).Should().BeEmpty("the firewall lets in one port");
        (await SeenByAsync(vault, "10.213.17.10", 2379)).Should().Be("10.213.16.10", "the way leads back too");
        (await SeenByAsync(stranger, "10.213.16.10", 8200)).Should().BeEmpty("a third network is not peered");
        (await SeenByAsync(stranger, "10.213.17.10", 2379)).Should().BeEmpty();

        // The member comes back at another address: it is let in there once the rules know, and its old address is not.
        var moved = await MachineAsync(cloud, spoke, "moved", "10.213.17.11", "10.213.17.2");
        (await SeenByAsync(moved, "10.213.16.10", 8200)).Should().BeEmpty("nobody let it in");
        await LetInAsync("10.213.17.11");
        (await SeenByAsync(moved, "10.213.16.10", 8200)).Should().Be("10.213.17.11");
        (await SeenByAsync(member, "10.213.16.10", 8200)).Should().BeEmpty("it was closed");

        // An edge that is started again passes the same as before, and knows what before its first service runs.
        await RunAsync(edge.EdgeId, "ln -sf /dev/null /etc/systemd/system/tarmak-edge-firewall.service");
        await fixture.Engine.Client.Containers.RestartContainerAsync(edge.EdgeId, new() { WaitBeforeKillSeconds = 5 }, Token);
        await RunAsync(moved, "timeout 30 bash -c 'until : > /dev/tcp/10.213.16.10/8200; do sleep 0.1; done' 2> /dev/null");
        (await SeenByAsync(stranger, "10.213.17.10", 2379)).Should().BeEmpty();

        // Without the acceptance the way ends.
        (await cloud.Provider.NetworkPeering.Acceptances.DeleteAsync(
            cloud.Call("accepted") with { ObjectId = $"{offer.OfferId}/accepted" }, accepted, Token)).ShouldSucceed();
        (await SeenByAsync(moved, "10.213.16.10", 8200)).Should().BeEmpty();
    }

    private static async Task<NetworkOutputs> NetworkAsync(Cloud cloud, EdgeOutputs edge, string name, string cidr, string edgeAddress)
    {
        var network = await cloud.MakeAsync<NetworkSpec, NetworkOutputs>(cloud.Provider.Network.Networks, name, new NetworkSpec(cidr, Internal: true));
        await cloud.MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(
            cloud.Provider.Network.EdgeAttachments, $"{name}-edge", new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, edgeAddress));
        return network;
    }

    private async Task<string> MachineAsync(Cloud cloud, NetworkOutputs network, string name, string address, string gateway, string? group = null)
    {
        var machine = (await cloud.MakeAsync<MachineSpec, MachineOutputs>(
            cloud.Provider.Compute.Machines, name, (await cloud.SpecAsync(network, address)) with { Gateway = gateway, FirewallGroupId = group })).MachineId;
        await RunAsync(machine, "until ip route show default | grep -q via; do sleep 0.05; done");
        return machine;
    }

    private Task ListenAsync(string machine, int port) => RunAsync(
        machine,
        $"setsid ruby -rsocket -e 's = TCPServer.new({port}); loop {{ c = s.accept; c.puts c.peeraddr(false)[3]; c.close }}' > /dev/null 2>&1 < /dev/null & until ss -ltn | grep -q ':{port} '; do sleep 0.05; done");

    /// <summary>The address a listener sees a machine come from; nothing where it cannot come.</summary>
    private async Task<string> SeenByAsync(string machine, string address, int port) =>
        (await fixture.Engine.ExecAsync(machine, ["/usr/bin/timeout", "2", "/bin/bash", "-c", $"cat < /dev/tcp/{address}/{port}"], Token)).Output.Trim();

    private async Task RunAsync(string machine, string script)
    {
        var result = await fixture.Engine.ExecAsync(machine, ["/bin/sh", "-c", script], Token);
        result.ExitCode.Should().Be(0, result.Errors);
    }
}
