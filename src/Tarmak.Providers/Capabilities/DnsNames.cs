using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>What may stand in a zone file: a value that the server cannot read would take its whole zone away.</summary>
public static partial class DnsNames
{
    /// <summary>Whether this is a name without its final dot.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it is one.</returns>
    public static bool IsName(string name) => name.Length <= 253 && NamePattern().IsMatch(name);

    /// <summary>What is wrong with a value, as a sentence; null where nothing is.</summary>
    /// <param name="type">A, AAAA, CNAME, SRV or TXT.</param>
    /// <param name="value">Record data in zone-file form.</param>
    /// <returns>The sentence, or null.</returns>
    public static string? Problem(string type, string value)
    {
        var valid = type switch
        {
            "A" => IPAddress.TryParse(value, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == value,
            "AAAA" => IPAddress.TryParse(value, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
            "CNAME" => IsName(value.TrimEnd('.')),
            "SRV" => ServicePattern().IsMatch(value),
            "TXT" => TextPattern().IsMatch(value),
            _ => false,
        };
        return valid ? null : $"\"{value}\" is no data of a record of type {type}.";
    }

    /// <summary>A value as it stands in a zone file: a name that ends it is whole, not one in the zone.</summary>
    /// <param name="type">A, AAAA, CNAME, SRV or TXT.</param>
    /// <param name="value">Record data in zone-file form.</param>
    /// <returns>The value, a name in it with its final dot.</returns>
    public static string Absolute(string type, string value) =>
        type is "CNAME" or "SRV" && !value.EndsWith('.') ? value + "." : value;

    /// <summary>What is wrong with a record set of a zone, as a sentence; null where nothing is.</summary>
    /// <param name="spec">The record set.</param>
    /// <param name="zone">The zone's name.</param>
    /// <returns>The sentence, or null.</returns>
    public static string? Problem(DnsRecordSetSpec spec, string zone)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return !IsName(spec.Name) || (spec.Name != zone && !spec.Name.EndsWith("." + zone, StringComparison.Ordinal))
            ? $"{spec.Name} is no name in zone {zone}."
            : spec.Values.IsDefaultOrEmpty ? $"The record set {spec.Name} has no values."
            : spec.TtlSeconds < 0 ? $"The time to live of {spec.Name} is below zero."
            : spec.Values.Select(v => Problem(spec.Type, v)).FirstOrDefault(p => p is not null);
    }

    [GeneratedRegex(@"^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^\d{1,5} \d{1,5} \d{1,5} [a-z0-9_.-]+\z")]
    private static partial Regex ServicePattern();

    [GeneratedRegex("^\"[ !#-\\[\\]-~]{0,255}\"(?: \"[ !#-\\[\\]-~]{0,255}\")*\\z")]
    private static partial Regex TextPattern();
}
