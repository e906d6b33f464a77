using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>What can be wrong with firewall rules, whatever the cloud.</summary>
public static class FirewallProblems
{
    /// <summary>What is wrong with rules, as a sentence.</summary>
    /// <param name="rules">The rules.</param>
    /// <returns>The first problem; null where there is none.</returns>
    public static string? Of(IEnumerable<FirewallRule> rules) => rules.Select(Problem).FirstOrDefault(problem => problem is not null);

    private static string? Problem(FirewallRule rule) =>
        !FirewallPeerKinds.All.Contains(rule.From.Kind) ? $"There is no firewall peer of kind {rule.From.Kind}; take one of {string.Join(", ", FirewallPeerKinds.All)}."
        : !FirewallProtocols.All.Contains(rule.Protocol) ? $"There is no protocol {rule.Protocol} in firewall rules; take one of {string.Join(", ", FirewallProtocols.All)}."
        : !rule.Ports.IsDefaultOrEmpty && rule.Protocol is not (FirewallProtocols.Tcp or FirewallProtocols.Udp) ? $"The firewall rule for {rule.From.Name} names ports, and {rule.Protocol} has none."
        : !rule.Ports.IsDefaultOrEmpty && rule.Ports.Any(p => p is < 1 or > ushort.MaxValue) ? $"The firewall rule for {rule.From.Name} names a port that is none."
        : rule.From.Addresses.FirstOrDefault(a => !Cidr.TryParse(a, out _)) is { } address ? $"The firewall rule for {rule.From.Name} names {address}, which is no address range."
        : null;
}
