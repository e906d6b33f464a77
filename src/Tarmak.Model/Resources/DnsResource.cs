using System.Collections.Immutable;
using System.Net;

namespace Tarmak.Model.Resources;

/// <summary>A zone served for an environment.</summary>
/// <param name="EdgeId">The edge whose DNS server serves it, where the provider serves zones from the edge.</param>
/// <param name="Zone">Zone name without the final dot.</param>
public sealed record DnsZoneSpec(string? EdgeId, string Zone);

/// <summary>The zone.</summary>
/// <param name="ZoneId">The provider's id.</param>
public sealed record DnsZoneOutputs(string ZoneId);

/// <summary>One record set.</summary>
/// <param name="ZoneId">The zone it is in.</param>
/// <param name="Name">Fully qualified name without the final dot.</param>
/// <param name="Type">A, AAAA, CNAME, SRV or TXT.</param>
/// <param name="TtlSeconds">Time to live, in seconds.</param>
/// <param name="Values">Record data in zone-file form.</param>
public sealed record DnsRecordSetSpec(string ZoneId, string Name, string Type, int TtlSeconds, ImmutableArray<string> Values)
{
    private const int EndpointTtlSeconds = 60;

    /// <summary>The name of an endpoint, which is an address, or a host name whose addresses may change at any time.</summary>
    /// <param name="zoneId">The zone.</param>
    /// <param name="name">Fully qualified name without the final dot.</param>
    /// <param name="host">The endpoint's address or host name.</param>
    /// <returns>The record set.</returns>
    public static DnsRecordSetSpec Of(string zoneId, string name, string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IPAddress.TryParse(host, out _)
            ? new(zoneId, name, host.Contains(':', StringComparison.Ordinal) ? "AAAA" : "A", EndpointTtlSeconds, [host])
            : new(zoneId, name, "CNAME", EndpointTtlSeconds, [$"{host.TrimEnd('.')}."]);
    }
}

/// <summary>The record set.</summary>
/// <param name="Name">Fully qualified name.</param>
public sealed record DnsRecordSetOutputs(string Name);
