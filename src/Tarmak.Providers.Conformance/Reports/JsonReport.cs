using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tarmak.Providers.Conformance.Reports;

/// <summary>A report for programs.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a report.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>JSON.</returns>
    public static string Write(ConformanceReport report) => new JsonObject
    {
        ["provider"] = report.Provider,
        ["seed"] = report.Seed,
        ["passed"] = report.Passed,
        ["results"] = new JsonArray([.. report.Results.Select(r => new JsonObject
        {
            ["check"] = r.Check.Id,
            ["demand"] = r.Check.Demand,
            ["outcome"] = JsonNamingPolicy.CamelCase.ConvertName(r.Outcome.ToString()),
            ["message"] = r.Message.Length == 0 ? null : r.Message,
            ["seconds"] = Math.Round(r.Duration.TotalSeconds, 3),
        })]),
    }.ToJsonString(Indented);
}
