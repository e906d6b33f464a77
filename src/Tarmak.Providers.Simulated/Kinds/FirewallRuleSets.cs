using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>
/// Rules of firewall groups, one whole for each group. A cloud knows some kinds of peer and protocol only, and refuses the
/// others: they are written as addresses, or left out where nothing of the sort passes there whatever the rules.
/// </summary>
internal static class FirewallRuleSets
{
    public static SimulatedKind<FirewallRulesSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.FirewallRules,
        Prefix = "fwr",
        Family = ApiFamily.Network,
        HasUniqueNames = true,
        NameOf = static (_, spec) => NameOf(spec.GroupId),
        Written = static (spec, profile) => spec with { Rules = [.. spec.Rules.Where(r => profile.Protocols.Contains(r.Protocol)).Select(r => r with { From = Written(r.From, profile) })] },
        ProblemOf = static spec => FirewallProblems.Of(spec.Rules),
        ProblemAt = static (spec, profile, _) => spec.Rules.Select(r => Unknown(r, profile)).FirstOrDefault(p => p is not null),
        ReferencesOf = static spec => [spec.GroupId, .. spec.Rules.Select(r => r.From.GroupId).OfType<string>()],
        Outputs = static (_, spec, _) => ResourceJson.Write(new FirewallRulesOutputs(spec.GroupId)),
        Change = static (made, wanted) => made.GroupId == wanted.GroupId ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    /// <summary>The name of a group's rules.</summary>
    public static string NameOf(string groupId) => $"{groupId}/rules";

    private static FirewallPeer Written(FirewallPeer peer, CloudProfile profile) =>
        profile.Peers.Contains(peer.Kind) ? peer
        : new FirewallPeer(FirewallPeerKinds.Cidr, peer.Name)
        {
            Addresses = peer.Kind == FirewallPeerKinds.Balancer && !profile.BalancerRanges.IsEmpty ? profile.BalancerRanges : peer.Addresses,
        };

    private static string? Unknown(FirewallRule rule, CloudProfile profile) =>
        !profile.Peers.Contains(rule.From.Kind) ? $"Rules of this cloud know no peers of kind {rule.From.Kind}."
        : !profile.Protocols.Contains(rule.Protocol) ? $"Rules of this cloud know no protocol {rule.Protocol}."
        : null;
}
