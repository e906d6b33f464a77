using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Rfc2136;

/// <summary>Record data between zone-file form and the library's records.</summary>
internal static partial class RecordData
{
    /// <summary>The library's name of a type that <see cref="Capabilities.DnsNames"/> knows.</summary>
    public static RecordType TypeOf(DnsRecordSetSpec spec) => spec.Type switch
    {
        "A" => RecordType.A,
        "AAAA" => RecordType.Aaaa,
        "CNAME" => RecordType.CName,
        "SRV" => RecordType.Srv,
        "TXT" => RecordType.Txt,
        _ => throw new ArgumentException($"{spec.Type} is no type of record this provider makes.", nameof(spec)),
    };

    /// <summary>The records of a set.</summary>
    public static IEnumerable<DnsRecordBase> Of(DnsRecordSetSpec spec)
    {
        var name = DomainName.Parse(spec.Name);
        return spec.Values.Select<string, DnsRecordBase>(value => spec.Type switch
        {
            "A" => new ARecord(name, spec.TtlSeconds, IPAddress.Parse(value)),
            "AAAA" => new AaaaRecord(name, spec.TtlSeconds, IPAddress.Parse(value)),
            "CNAME" => new CNameRecord(name, spec.TtlSeconds, DomainName.Parse(value.TrimEnd('.'))),
            "SRV" when value.Split(' ') is [var priority, var weight, var port, var target] => new SrvRecord(
                name, spec.TtlSeconds, Number(priority), Number(weight), Number(port), DomainName.Parse(target.TrimEnd('.'))),
            "TXT" => new TxtRecord(name, spec.TtlSeconds, TextPattern().Matches(value).Select(m => m.Groups[1].Value)),
            _ => throw new ArgumentException($"{value} is no data of a record of type {spec.Type}.", nameof(spec)),
        });
    }

    /// <summary>Whether these records are the set, time to live included, in whatever order.</summary>
    public static bool AreAs(IReadOnlyList<DnsRecordBase> records, DnsRecordSetSpec spec) =>
        records.All(r => r.TimeToLive == spec.TtlSeconds) && records.Select(Text).Order(StringComparer.Ordinal).SequenceEqual(Of(spec).Select(Text).Order(StringComparer.Ordinal));

    private static string Text(DnsRecordBase record) => record switch
    {
        ARecord a => a.Address.ToString(),
        AaaaRecord aaaa => aaaa.Address.ToString(),
        CNameRecord cname => cname.CanonicalName.ToString().ToLowerInvariant(),
        SrvRecord srv => string.Create(CultureInfo.InvariantCulture, $"{srv.Priority} {srv.Weight} {srv.Port} {srv.Target.ToString().ToLowerInvariant()}"),
        TxtRecord txt => string.Join('\n', txt.TextParts),
        _ => record.ToString() ?? "",
    };

    private static ushort Number(string text) => ushort.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex TextPattern();
}
