using System.Globalization;
using System.Text;

namespace Tarmak.Providers.Conformance.Reports;

/// <summary>Stored reports of several providers as one table: capabilities and groups of checks, by provider.</summary>
public static class MatrixReport
{
    /// <summary>Writes the table.</summary>
    /// <param name="reports">The reports.</param>
    /// <returns>Markdown.</returns>
    public static string Write(IReadOnlyList<StoredReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var sorted = reports.OrderBy(r => r.Provider, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| capability | checks | {string.Join(" | ", sorted.Select(r => r.Provider))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(Enumerable.Repeat("---|", sorted.Count))}");
        foreach (var capability in ConformanceKit.All.Select(c => c.Capability).Distinct(StringComparer.Ordinal))
        {
            var named = false;
            foreach (var group in Enum.GetValues<CheckGroup>())
            {
                var checks = ConformanceKit.All.Where(c => c.Capability == capability && c.Group == group).Select(c => c.Id).ToList();
                if (checks.Count > 0 && sorted.Exists(r => checks.Exists(r.Outcomes.ContainsKey)))
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"| {(named ? "" : capability)} | {Title(group)} | {string.Join(" | ", sorted.Select(r => Cell(r, checks)))} |");
                    named = true;
                }
            }
        }

        return text.ToString();
    }

    private static string Title(CheckGroup group) => group.ToString().ToLowerInvariant();

    private static string Cell(StoredReport report, List<string> checks)
    {
        var outcomes = checks.Where(report.Outcomes.ContainsKey).Select(c => report.Outcomes[c]).ToList();
        var (passed, failed) = (outcomes.Count(o => o == CheckOutcome.Passed), outcomes.Count(o => o == CheckOutcome.Failed));
        return failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"**{failed} of {passed + failed} failed**")
            : passed > 0 ? string.Create(CultureInfo.InvariantCulture, $"✓ {passed}")
            : "–";
    }
}
