using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Rfc2136;

/// <summary>What a DNS server that takes dynamic updates offers, needs and cannot do.</summary>
internal static class Rfc2136Sheet
{
    /// <summary>The server.</summary>
    public static readonly Requirement Server = new(RequirementKind.Place, "server", "The zones' primary DNS server answers over TCP.");

    /// <summary>The key.</summary>
    public static readonly Requirement Key = new(RequirementKind.Permission, "transaction-key", "The server takes what is signed with the key that credentialsFrom names.");

    /// <summary>Its rights.</summary>
    public static readonly Requirement Updates = new(RequirementKind.Permission, "update-policy", "The key may write and remove records of all types below the zone.");

    /// <summary>The sheet.</summary>
    public static RequirementSheet Sheet { get; } = new()
    {
        Type = Rfc2136ProviderFactory.TypeName,
        Summary = "Names in a zone of any DNS server that takes dynamic updates (RFC 2136), such as BIND, Knot or PowerDNS.",
        Requirements = [Server],
        Settings = [ProviderOptions.Server, ProviderOptions.Credentials],
        RequiredSettings = [ProviderOptions.Server],
        Capabilities =
        [
            new DnsSheet
            {
                MakesZones = false,
                Objects = [ObjectSheet.Of(ZoneDriver.Declared, ObjectMark.None), ObjectSheet.Of(RecordSetDriver.Declared, ObjectMark.Companion)],
                Requirements = [Key, Updates],
                Limitations = ["What is written directly beside Tarmak under a name it owns is put back only when the name is looked at, which is seldom."],
            },
        ],
    };
}
