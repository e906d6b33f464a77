using System.Globalization;
using System.Text;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>Renders a group's rules for nftables. Loaded, it takes the place of an earlier one in one transaction.</summary>
internal static class Ruleset
{
    /// <summary>The ruleset of a group.</summary>
    public static string Of(FirewallGroup group)
    {
        var text = new StringBuilder();
        Line(text, $"# Version {group.Version}. What is not in it is closed.");
        Line(text, $"table inet tarmak");
        Line(text, $"delete table inet tarmak");
        Line(text, $"table inet tarmak {{");
        Line(text, $"  chain input {{");
        Line(text, $"    type filter hook input priority filter; policy drop;");
        Line(text, $"    ct state established,related accept");
        Line(text, $"    iif lo accept");
        Line(text, $"    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert }} accept");
        foreach (var rule in group.Rules?.Rules ?? [])
        {
            Rule(text, rule);
        }

        Line(text, $"  }}");
        Line(text, $"}}");
        return text.ToString();
    }

    // Which name a rule was written for is in no file of the machine: names come from manifests, and need no quoting here.
    private static void Rule(StringBuilder text, FirewallRule rule)
    {
        var addresses = rule.From.Addresses.Distinct(StringComparer.Ordinal).ToList();
        if (addresses.Count == 0)
        {
            return;
        }

        var from = $"ip saddr {{ {string.Join(", ", addresses)} }}";
        var what = rule.Protocol switch
        {
            FirewallProtocols.Any => "",
            FirewallProtocols.IpInIp => " ip protocol 4",
            _ when rule.Ports.IsDefaultOrEmpty => $" meta l4proto {rule.Protocol}",
            _ => $" {rule.Protocol} dport {{ {string.Join(", ", rule.Ports.Select(p => p.ToString(CultureInfo.InvariantCulture)))} }}",
        };
        Line(text, $"    {from}{what} accept");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
