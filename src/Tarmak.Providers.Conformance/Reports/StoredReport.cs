using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tarmak.Providers.Conformance.Reports;

/// <summary>What of a run is kept beside the sources: no times, so that it changes only when a finding does.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Share">Of what is tried again and again, every how-many-th was.</param>
/// <param name="Outcomes">How each check ended, by its id.</param>
public sealed record StoredReport(string Provider, int Share, ImmutableSortedDictionary<string, CheckOutcome> Outcomes)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Takes what is kept of a report.</summary>
    /// <param name="provider">The name it is kept under.</param>
    /// <param name="report">The report.</param>
    /// <param name="share">Of what is tried again and again, every how-many-th was.</param>
    /// <returns>What is kept.</returns>
    public static StoredReport Of(string provider, ConformanceReport report, int share = 1)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(provider, share, report.Results.ToImmutableSortedDictionary(r => r.Check.Id, r => r.Outcome, StringComparer.Ordinal));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">JSON.</param>
    /// <returns>The report.</returns>
    /// <exception cref="JsonException">It is no stored report.</exception>
    public static StoredReport Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.TryGetProperty("provider", out var provider) && root.TryGetProperty("share", out var share) && root.TryGetProperty("outcomes", out var outcomes)
            ? new StoredReport(
                provider.GetString()!, share.GetInt32(),
                outcomes.EnumerateObject().ToImmutableSortedDictionary(o => o.Name, o => Enum.Parse<CheckOutcome>(o.Value.GetString()!, ignoreCase: true), StringComparer.Ordinal))
            : throw new JsonException("A stored report has provider, share and outcomes.");
    }

    /// <summary>This one, with what an earlier one says of capabilities that are not in it.</summary>
    /// <param name="earlier">The earlier one.</param>
    /// <returns>Both.</returns>
    public StoredReport Over(StoredReport earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var seen = Outcomes.Keys.Select(CapabilityOf).ToHashSet(StringComparer.Ordinal);
        var others = earlier.Outcomes.RemoveRange(earlier.Outcomes.Keys.Where(id => seen.Contains(CapabilityOf(id))));
        return this with
        {
            Share = others.IsEmpty ? Share : Math.Max(Share, earlier.Share),
            Outcomes = others.AddRange(Outcomes),
        };
    }

    /// <summary>Writes it.</summary>
    /// <returns>JSON, ending in a line break.</returns>
    public string Write() => new JsonObject
    {
        ["provider"] = Provider,
        ["share"] = Share,
        ["outcomes"] = new JsonObject(Outcomes.Select(o => KeyValuePair.Create<string, JsonNode?>(o.Key, JsonNamingPolicy.CamelCase.ConvertName(o.Value.ToString())))),
    }.ToJsonString(Indented) + "\n";

    /// <summary>
    /// Keeps a report where the environment variable <c>TARMAK_CONFORMANCE_REPORTS</c> names a folder; else does nothing. What an
    /// earlier run found of capabilities that this one did not look at stays.
    /// </summary>
    /// <param name="provider">The name it is kept under.</param>
    /// <param name="report">The report.</param>
    /// <param name="share">Of what is tried again and again, every how-many-th was.</param>
    public static void KeepWhereWanted(string provider, ConformanceReport report, int share = 1)
    {
        if (Environment.GetEnvironmentVariable("TARMAK_CONFORMANCE_REPORTS") is { Length: > 0 } folder)
        {
            var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{provider}.json");
            var found = Of(provider, report, share);
            File.WriteAllText(file, (File.Exists(file) ? found.Over(Read(File.ReadAllText(file))) : found).Write());
        }
    }

    private static string CapabilityOf(string id) => id[..id.IndexOf('/', StringComparison.Ordinal)];
}
