using System.Collections.Immutable;
using System.Net;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Says what would pass in an account, from its networks, ways, groups and rules as they are.</summary>
/// <param name="profile">What sort of cloud it is at.</param>
/// <param name="account">What it holds.</param>
/// <param name="now">The time, in ticks.</param>
internal sealed class AccountPackets(CloudProfile profile, AccountState account, long now)
{
    /// <summary>Whether a packet would come to the machine that has its address.</summary>
    /// <param name="senderId">A machine, or a balancer.</param>
    /// <param name="packet">The packet.</param>
    public bool Passes(string senderId, CloudPacket packet) =>
        SenderOf(senderId, packet) is { } sender
        && profile.Protocols.Contains(packet.Protocol)
        && TargetOf(sender.NetworkId, packet.To) is { } target
        && (target.FirewallGroupId is not { } group || RulesOf(group).Any(rule => LetsIn(rule, sender, packet)));

    private Sender? SenderOf(string id, CloudPacket packet) =>
        Ready(Kinds.Machines.Kind, id) is { } machine && machine.Spec<MachineSpec>() is var spec
            ? new Sender(spec.NetworkId, machine.Chosen ?? spec.Address, spec.FirewallGroupId, IsBalancer: false)
        : Ready(Balancers.Kind, id) is { } balancer && balancer.Spec<LoadBalancerSpec>() is var balancing && HasTarget(id, packet.To)
            ? new Sender(balancing.NetworkId, BalancerAddress(balancing), null, IsBalancer: true)
        : null;

    private bool HasTarget(string balancerId, string address) =>
        account.Of(Targets.Kind).Any(t => t.Spec<LoadBalancerTargetSpec>() is var target && target.LoadBalancerId == balancerId && target.Address == address);

    private string? BalancerAddress(LoadBalancerSpec balancer) =>
        profile.BalancerRanges is [var range, ..] ? Cidr.Parse(range).Host(0).ToString()
        : account.Of(EdgeAttachments.Kind).Select(one => one.Spec<EdgeAttachmentSpec>()).FirstOrDefault(a => a.NetworkId == balancer.NetworkId && a.EdgeId == balancer.EdgeId)?.Address;

    /// <summary>The machine of an address, in the sender's network or in one that a way leads to.</summary>
    private MachineSpec? TargetOf(string networkId, string address) =>
        MachineOf(networkId, address) ?? WaysFrom(networkId).Where(way => IPAddress.TryParse(address, out var parsed) && Cidr.Parse(way.Cidr).Contains(parsed))
            .Select(way => MachineOf(way.NetworkId, address)).FirstOrDefault(m => m is not null);

    private MachineSpec? MachineOf(string networkId, string address) =>
        account.HolderOf(Kinds.Machines.ClaimOf(networkId, address)) is { } holder && holder.Kind == Kinds.Machines.Kind && holder.IsReady(now) ? holder.Spec<MachineSpec>() : null;

    private IEnumerable<(string NetworkId, string Cidr)> WaysFrom(string networkId) => account.Of(PeeringAcceptances.Kind).Where(way => way.IsReady(now)).Select(one => one.Spec<PeeringAcceptanceSpec>())
        .SelectMany(way => new[]
        {
            (From: way.NetworkId, To: (way.PeerNetworkId, way.PeerCidr)),
            (From: way.PeerNetworkId, To: (way.NetworkId, way.Cidr)),
        }).Where(way => way.From == networkId).Select(way => way.To);

    /// <summary>A group without rules is closed.</summary>
    private ImmutableArray<FirewallRule> RulesOf(string groupId) =>
        account.Named(FirewallRuleSets.Kind, FirewallRuleSets.NameOf(groupId)) is { } rules ? rules.Spec<FirewallRulesSpec>().Rules : [];

    private static bool LetsIn(FirewallRule rule, Sender sender, CloudPacket packet) =>
        (rule.Protocol == FirewallProtocols.Any || rule.Protocol == packet.Protocol)
        && (rule.Ports.IsDefaultOrEmpty || (packet.Port is { } port && rule.Ports.Contains(port)))
        && rule.From switch
        {
            { GroupId: { } group } => group == sender.GroupId,
            { Kind: FirewallPeerKinds.Balancer } => sender.IsBalancer,
            { Addresses: var ranges } => sender.Address is { } address && ranges.Any(range => Cidr.Parse(range).Contains(IPAddress.Parse(address))),
        };

    private AccountObject? Ready<TSpec>(SimulatedKind<TSpec> kind, string id)
        where TSpec : class => account.Living(kind, id) is { } one && one.IsReady(now) ? one : null;

    private sealed record Sender(string NetworkId, string? Address, string? GroupId, bool IsBalancer);
}
