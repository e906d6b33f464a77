using System.Globalization;
using System.Text;

namespace Tarmak.Providers.Conformance.Reports;

/// <summary>A report for people: one table.</summary>
public static class MarkdownReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>Markdown.</returns>
    public static string Write(ConformanceReport report)
    {
        var text = new StringBuilder();
        var failed = report.Results.Count(r => r.Outcome == CheckOutcome.Failed);
        text.AppendLine(CultureInfo.InvariantCulture, $"## {report.Provider}: {(report.Passed ? "passed" : "not passed")}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Results.Count(r => r.Outcome == CheckOutcome.Passed)} passed, {failed} failed, {report.Results.Count(r => r.Outcome == CheckOutcome.NotOffered)} not offered.");
        text.AppendLine();
        text.AppendLine("| check | demand | result |");
        text.AppendLine("|---|---|---|");
        foreach (var result in report.Results)
        {
            var told = result.Outcome switch
            {
                CheckOutcome.Passed => "passed",
                CheckOutcome.Failed => $"**failed**: {result.Message}",
                _ => "not offered",
            };
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{result.Check.Id}` | {Cell(result.Check.Demand)} | {Cell(told)} |");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
