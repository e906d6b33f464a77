using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>
/// The machines of one role, as a firewall knows them. Nobody comes in to a group's machines but by its rules; what they
/// begin themselves, and the answers to it, always pass.
/// </summary>
/// <param name="NetworkId">The network its machines are in.</param>
/// <param name="Role">Their role.</param>
public sealed record FirewallGroupSpec(string NetworkId, string Role);

/// <summary>The group.</summary>
/// <param name="GroupId">The provider's id.</param>
public sealed record FirewallGroupOutputs(string GroupId);

/// <summary>Who may come in to a group's machines: the whole of it, so that what is left out is closed.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Rules">What is open.</param>
public sealed record FirewallRulesSpec(string GroupId, ImmutableArray<FirewallRule> Rules);

/// <summary>The rules in force.</summary>
/// <param name="GroupId">The group they are of.</param>
public sealed record FirewallRulesOutputs(string GroupId);

/// <summary>One thing that is open.</summary>
/// <param name="From">Who may come.</param>
/// <param name="Protocol">One of <see cref="FirewallProtocols"/>.</param>
/// <param name="Ports">The ports, for tcp and udp; empty: all.</param>
public sealed record FirewallRule(FirewallPeer From, string Protocol, ImmutableArray<int> Ports);

/// <summary>
/// Who may come. A peer is told in every way that is known of it, and a provider takes the one its cloud has: the group where
/// groups reach that far, else the addresses.
/// </summary>
/// <param name="Kind">One of <see cref="FirewallPeerKinds"/>.</param>
/// <param name="Name">What it is called: a role, <c>cluster/role</c>, a balancer or an address range.</param>
public sealed record FirewallPeer(string Kind, string Name)
{
    /// <summary>Of a role in the same network: its group.</summary>
    public string? GroupId { get; init; }

    /// <summary>The addresses it comes from, as CIDRs: a role's machines, a balancer's own, a range. Nobody comes from an empty list.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];
}

/// <summary>What a firewall rule may name as its peer.</summary>
public static class FirewallPeerKinds
{
    /// <summary>The machines of a role.</summary>
    public const string Role = "role";

    /// <summary>A load balancer, its health checks included.</summary>
    public const string Balancer = "balancer";

    /// <summary>An address range.</summary>
    public const string Cidr = "cidr";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Role, Balancer, Cidr];
}

/// <summary>What a firewall rule may be about.</summary>
public static class FirewallProtocols
{
    /// <summary>Everything.</summary>
    public const string Any = "all";

    /// <summary>TCP.</summary>
    public const string Tcp = "tcp";

    /// <summary>UDP.</summary>
    public const string Udp = "udp";

    /// <summary>IP in IP (protocol 4), by which overlays carry pods' packets.</summary>
    public const string IpInIp = "ipip";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Any, Tcp, Udp, IpInIp];
}
