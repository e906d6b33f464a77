using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>A firewall as a provider offers it.</summary>
public sealed record FirewallSheet() : CapabilitySheet(CapabilityNames.Firewall)
{
    /// <summary>Kinds of peer its rules know themselves (<see cref="FirewallPeerKinds"/>); the others are written as addresses.</summary>
    public required ImmutableArray<string> PeerKinds { get; init; }

    /// <summary>Protocols its rules know (<see cref="FirewallProtocols"/>).</summary>
    public required ImmutableArray<string> Protocols { get; init; }

    /// <summary>
    /// Where balancers come from, as CIDRs, where that is ranges of the cloud's own; the driver writes them into rules for
    /// balancers. Empty: balancers come from their own address in the network.
    /// </summary>
    public ImmutableArray<string> BalancerRanges { get; init; } = [];

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("peers", string.Join(", ", FirewallPeerKinds.All.Select(kind => PeerKinds.Contains(kind) ? kind : $"{kind} as addresses"))),
        .. BalancerRanges.IsEmpty ? Array.Empty<SheetFact>() : [new("balancers come from", string.Join(", ", BalancerRanges))],
        new("protocols", string.Join(", ", Protocols)),
    ];
}
