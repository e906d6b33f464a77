using System.Globalization;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Rfc2136;

/// <summary>
/// The TXT record beside a record set that says whose it is: record sets have no tags. Both are written and removed in one
/// update, under the condition that this one is as it was seen.
/// </summary>
/// <param name="Marks">The owner.</param>
/// <param name="Incarnation">Which object in the line of replacements.</param>
internal sealed record OwnerRecord(OwnerMarks Marks, int Incarnation)
{
    private const int TtlSeconds = 300;
    private const int LongestText = 255;

    public static OwnerRecord Of(ResourceCall call) => new(call.Marks, call.Incarnation);

    /// <summary>The name of the companion of a record set.</summary>
    public static string NameOf(DnsRecordSetSpec spec) => $"_tarmak-{spec.Type.ToLowerInvariant()}.{spec.Name.Replace("*", "_any", StringComparison.Ordinal)}";

    public bool IsOwn(ResourceCall call) => Marks.Installation == call.Marks.Installation && Marks.Uid == call.Marks.Uid;

    public bool IsThis(ResourceCall call) => IsOwn(call) && Incarnation == call.Incarnation;

    /// <summary>The record.</summary>
    public TxtRecord ToRecord(DnsRecordSetSpec spec) => new(DomainName.Parse(NameOf(spec)), TtlSeconds, Texts().Select(t => t.Length <= LongestText ? t : t[..LongestText]));

    /// <summary>Reads a companion; null where it is none of Tarmak's.</summary>
    public static OwnerRecord? Read(TxtRecord record)
    {
        var texts = record.TextParts.Select(t => t.Split('=', 2)).Where(t => t.Length == 2).DistinctBy(t => t[0], StringComparer.Ordinal).ToDictionary(t => t[0], t => t[1], StringComparer.Ordinal);
        return texts.TryGetValue(OwnerMarks.InstallationLabel, out var installation)
            && texts.TryGetValue(OwnerMarks.EnvironmentLabel, out var environment)
            && texts.TryGetValue(OwnerMarks.UidLabel, out var uid)
            && texts.TryGetValue(OwnerMarks.OwnerLabel, out var owner)
            && texts.TryGetValue(IncarnationText, out var number)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation)
            ? new OwnerRecord(new OwnerMarks(installation, environment, texts.GetValueOrDefault(OwnerMarks.ClusterLabel), uid, owner), incarnation)
            : null;
    }

    private const string IncarnationText = "tarmak.io/incarnation";

    private IEnumerable<string> Texts() =>
        Marks.ToLabels().OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"{IncarnationText}={Incarnation}"));
}
