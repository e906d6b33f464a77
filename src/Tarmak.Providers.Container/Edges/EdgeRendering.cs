using System.Globalization;
using System.Text;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Edges;

/// <summary>Renders an edge's state into its servers' files. Equal states give equal files.</summary>
internal static class EdgeRendering
{
    /// <summary>Number of what equal states are rendered into: it rises with a change of this code, and every edge's files are then written anew.</summary>
    public const int Current = 1;

    private const string Folder = "/var/lib/tarmak-edge/state/";

    /// <summary>All rendered files by name.</summary>
    public static IEnumerable<(string Name, string Content)> Files(EdgeState state)
    {
        yield return ("haproxy.cfg", Balancers(state) + RegistryRendering.Frontend(state));
        yield return ("repositories", RegistryRendering.Names(state));
        yield return ("named.conf", ZoneList(state));
        yield return ("peerings.nft", Peerings(state));
        foreach (var (name, zone) in state.Zones)
        {
            yield return ($"zone-{name}", Zone(name, zone, state.Version));
        }
    }

    /// <summary>The files that differ from those of another state, which are there; those of it that are not wanted any more are not told.</summary>
    /// <param name="present">The other state; null: all files are told.</param>
    /// <param name="wanted">The state.</param>
    /// <returns>Names and contents.</returns>
    public static IEnumerable<(string Name, string Content)> Changes(EdgeState? present, EdgeState wanted)
    {
        if (present is null)
        {
            return Files(wanted);
        }

        // A zone's serial rises when the zone changes, not with whatever else does.
        var there = Files(present with { Version = wanted.Version }).ToDictionary(f => f.Name, f => f.Content, StringComparer.Ordinal);
        return Files(wanted).Where(f => there.GetValueOrDefault(f.Name) != f.Content);
    }

    /// <summary>haproxy's listeners.</summary>
    public static string Balancers(EdgeState state)
    {
        var text = new StringBuilder("# Rendered from the edge's state.\n");
        foreach (var (name, balancer) in state.Balancers)
        {
            var health = balancer.Health;
            Line(text, $"\nlisten {name}");
            Line(text, $"  bind 0.0.0.0:{balancer.Port}");
            Line(text, $"  balance leastconn");
            Line(text, $"  timeout client {balancer.IdleSeconds}s");
            Line(text, $"  timeout server {balancer.IdleSeconds}s");
            Line(text, $"  timeout check {health.TimeoutSeconds}s");
            if (health.Protocol is "http" or "https")
            {
                Line(text, $"  option httpchk GET {health.Path ?? "/"}");
            }

            var tls = health.Protocol is "tls" or "https" ? " check-ssl verify none" : string.Empty;
            Line(text, $"  default-server check{tls} inter {health.IntervalSeconds}s rise {health.Rise} fall {health.Fall} on-marked-down shutdown-sessions");
            foreach (var (targetName, target) in balancer.Targets)
            {
                Line(text, $"  server {targetName} {target.Address}:{target.Port}");
            }
        }

        return text.ToString();
    }

    /// <summary>What passes from network to network, for nftables.</summary>
    public static string Peerings(EdgeState state)
    {
        var text = new StringBuilder("# Rendered from the edge's state.\nflush chain inet tarmak peerings\n");
        foreach (var peering in state.Peerings.Values.Where(p => p.Accepted is not null))
        {
            Line(text, $"add rule inet tarmak peerings ip saddr {peering.Cidr} ip daddr {peering.PeerCidr} accept");
            Line(text, $"add rule inet tarmak peerings ip saddr {peering.PeerCidr} ip daddr {peering.Cidr} accept");
        }

        return text.ToString();
    }

    /// <summary>The list of zones for PowerDNS.</summary>
    public static string ZoneList(EdgeState state)
    {
        var text = new StringBuilder("// Rendered from the edge's state.\n");
        foreach (var name in state.Zones.Keys)
        {
            Line(text, $"zone \"{name}\" {{ type master; file \"{Folder}zone-{name}\"; }};");
        }

        return text.ToString();
    }

    /// <summary>A zone file.</summary>
    public static string Zone(string name, EdgeZone zone, int serial)
    {
        var text = new StringBuilder();
        Line(text, $"$ORIGIN {name}.");
        Line(text, $"@ 300 IN SOA ns.{name}. hostmaster.{name}. {serial} 3600 600 86400 60");
        Line(text, $"@ 300 IN NS ns.{name}.");
        Line(text, $"ns 300 IN A 127.0.0.1");
        foreach (var set in zone.RecordSets.Values)
        {
            foreach (var value in set.Values)
            {
                Line(text, $"{set.Name}. {set.TtlSeconds} IN {set.Type} {DnsNames.Absolute(set.Type, value)}");
            }
        }

        return text.ToString();
    }

    /// <summary>What haproxy could not check, as a sentence; null where it can.</summary>
    public static string? Problem(HealthCheck health) =>
        health.Protocol is not ("tcp" or "tls" or "http" or "https")
            ? $"There is no health check {health.Protocol}; take tcp, tls, http or https."
            : health.Path is { } path && (path.Length == 0 || path[0] != '/' || path.Any(c => c is <= ' ' or > '~' or '#' or '"' or '\\'))
                ? $"The health check's path {path} is no path."
                : health is { IntervalSeconds: > 0, TimeoutSeconds: > 0, Rise: > 0, Fall: > 0 } ? null : "A health check's times and counts are above zero.";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
