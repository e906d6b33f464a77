using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>What the account says would pass, by the rules as they are written at its sort of cloud.</summary>
public sealed class FirewallTests : IDisposable
{
    private const string Range = "10.7.0.0/16";
    private const string Guarded = "10.7.0.10";
    private const string Friend = "10.7.0.20";
    private const string Stranger = "10.7.0.21";
    private const int Port = 2379;

    private readonly VirtualClock clock = new();

    public void Dispose() => clock.Dispose();

    [Fact]
    public async Task Rules_WhereRolesArePeers_LetInWhoIsInTheGroup_WhateverItsAddress()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        var (group, friends) = (await place.GroupAsync(Range, "etcd"), await place.GroupAsync(Range, "worker"));
        await place.RulesAsync(group, new FirewallRule(new FirewallPeer(FirewallPeerKinds.Role, "worker") { GroupId = friends, Addresses = [$"{Stranger}/32"] }, FirewallProtocols.Tcp, [Port]));
        await place.MachineAsync(Range, Guarded, group);
        var friend = await place.MachineAsync(Range, Friend, friends);
        var stranger = await place.MachineAsync(Range, Stranger);

        (await place.ReachesAsync(friend.MachineId, Guarded, Port)).Should().BeTrue();
        (await place.ReachesAsync(friend.MachineId, Guarded, Port + 1)).Should().BeFalse("the port is closed");
        (await place.ReachesAsync(friend.MachineId, Guarded, Port, FirewallProtocols.Udp)).Should().BeFalse("the rule is about TCP");
        (await place.ReachesAsync(stranger.MachineId, Guarded, Port)).Should().BeFalse("it is in no group");
        (await place.ReachesAsync(friend.MachineId, "10.7.0.99", Port)).Should().BeFalse("nobody is there");
    }

    [Fact]
    public async Task Balancer_ThatIsAPeer_ReachesItsTargetsOnly()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        var group = await place.GroupAsync(Range, "etcd");
        await place.RulesAsync(group, new FirewallRule(new FirewallPeer(FirewallPeerKinds.Balancer, "etcd"), FirewallProtocols.Tcp, [Port]));
        await place.MachineAsync(Range, Guarded, group);
        await place.MachineAsync(Range, Friend, group);
        var balancer = await place.BalancerAsync(Range, "etcd", Guarded);

        (await place.ReachesAsync(balancer, Guarded, Port)).Should().BeTrue();
        (await place.ReachesAsync(balancer, Friend, Port)).Should().BeFalse("it is no target");
    }

    [Fact]
    public async Task Group_WithoutRules_IsClosed_AndNoGroupIsOpen()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        var group = await place.GroupAsync(Range, "etcd");
        var guarded = await place.MachineAsync(Range, Guarded, group);
        var open = await place.MachineAsync(Range, Friend);

        (await place.ReachesAsync(open.MachineId, Guarded, Port)).Should().BeFalse();
        (await place.ReachesAsync(guarded.MachineId, Friend, Port)).Should().BeTrue();
    }

    [Fact]
    public async Task Rules_OfRangesOnly_FollowAddresses_FromBeforeAMachineJoinsToWhenItsAddressHasAnotherOwner()
    {
        await using var place = new Place(clock, CloudProfiles.Find("cidr-only")!);
        var (group, friends) = (await place.GroupAsync(Range, "etcd"), await place.GroupAsync(Range, "worker"));
        Task OpenAsync(params string[] addresses) => place.RulesAsync(group, new FirewallRule(
            new FirewallPeer(FirewallPeerKinds.Role, "worker") { GroupId = friends, Addresses = [.. addresses.Select(a => $"{a}/32")] }, FirewallProtocols.Tcp, [Port]));
        await place.MachineAsync(Range, Guarded, group);

        // The rules are there before the machine is, so that it can reach what it needs from its first moment.
        await OpenAsync(Friend);
        var friend = await place.MachineAsync(Range, Friend, friends);
        (await place.ReachesAsync(friend.MachineId, Guarded, Port)).Should().BeTrue();
        var late = await place.MachineAsync(Range, Stranger, friends);
        (await place.ReachesAsync(late.MachineId, Guarded, Port)).Should().BeFalse("membership in a group means nothing here");

        // Closed first; then whoever gets the address gets nothing with it.
        await OpenAsync(Stranger);
        await place.RemoveMachineAsync(Friend);
        var taker = await place.MachineAsync(Range, Friend, null, "taker");
        (await place.ReachesAsync(taker.MachineId, Guarded, Port)).Should().BeFalse("the address has another owner now");
        (await place.ReachesAsync(late.MachineId, Guarded, Port)).Should().BeTrue();
    }

    [Fact]
    public async Task Balancer_ThatProbesFromRangesOfItsOwn_IsLetInByThem()
    {
        await using var place = new Place(clock, CloudProfiles.Find("own-probes")!);
        var group = await place.GroupAsync(Range, "etcd");
        await place.MachineAsync(Range, Guarded, group);
        var balancer = await place.BalancerAsync(Range, "etcd", Guarded);

        await place.RulesAsync(group, new FirewallRule(new FirewallPeer(FirewallPeerKinds.Cidr, "edge") { Addresses = ["10.7.0.2/32"] }, FirewallProtocols.Tcp, [Port]));
        (await place.ReachesAsync(balancer, Guarded, Port)).Should().BeFalse("it does not come from the edge");

        await place.RulesAsync(group, new FirewallRule(new FirewallPeer(FirewallPeerKinds.Balancer, "etcd") { Addresses = ["10.7.0.2/32"] }, FirewallProtocols.Tcp, [Port]));
        (await place.ReachesAsync(balancer, Guarded, Port)).Should().BeTrue("the driver writes the cloud's ranges for a balancer");
    }

    [Fact]
    public async Task Balancer_WhereRulesKnowRangesOnly_ComesFromTheEdge()
    {
        await using var place = new Place(clock, CloudProfiles.Find("cidr-only")!);
        var group = await place.GroupAsync(Range, "etcd");
        await place.MachineAsync(Range, Guarded, group);
        var balancer = await place.BalancerAsync(Range, "etcd", Guarded);
        FirewallRule From(string address) => new(new FirewallPeer(FirewallPeerKinds.Balancer, "etcd") { Addresses = [$"{address}/32"] }, FirewallProtocols.Tcp, [Port]);

        await place.RulesAsync(group, From("10.7.0.3"));
        (await place.ReachesAsync(balancer, Guarded, Port)).Should().BeFalse();
        await place.RulesAsync(group, From("10.7.0.2"));
        (await place.ReachesAsync(balancer, Guarded, Port)).Should().BeTrue();
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("no-ipip", false)]
    public async Task IpInIp_PassesWhereTheSheetNamesIt(string profile, bool passes)
    {
        await using var place = new Place(clock, CloudProfiles.Find(profile)!);
        var group = await place.GroupAsync(Range, "worker");
        var peer = new FirewallPeer(FirewallPeerKinds.Role, "worker") { GroupId = group };
        await place.RulesAsync(group, new FirewallRule(peer, FirewallProtocols.IpInIp, []), new FirewallRule(peer, FirewallProtocols.Tcp, []));
        var one = await place.MachineAsync(Range, Guarded, group);
        await place.MachineAsync(Range, Friend, group);

        (await place.ReachesAsync(one.MachineId, Friend, null, FirewallProtocols.IpInIp)).Should().Be(passes);
        (await place.ReachesAsync(one.MachineId, Friend, Port)).Should().BeTrue();
        place.Provider.Sheet.Find<Requirements.FirewallSheet>()!.Protocols.Contains(FirewallProtocols.IpInIp).Should().Be(passes);
    }
}
