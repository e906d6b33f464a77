using System.Text.RegularExpressions;

namespace Tarmak.Architecture.Tests;

/// <summary>Holds the tables of <c>docs/operations/telemetry.md</c> against the code: what is emitted is documented, and what is documented is emitted.</summary>
public sealed partial class TelemetryNamesTests
{
    [Fact]
    public void Names_InTheDocument_AreThoseInTheCode()
    {
        var documented = Backticked().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations", "telemetry.md"))).Select(m => m.Groups[1].Value);

        var emitted = Repository.Projects.Keys.SelectMany(Repository.SourcesOf)
            .Select(source => source.Text)
            .Where(source => source.Contains("ActivitySource", StringComparison.Ordinal) || source.Contains("Meter(", StringComparison.Ordinal))
            .SelectMany(source => Quoted().Matches(source).Select(m => m.Groups[1].Value));

        documented.Distinct().Should().BeEquivalentTo(emitted.Distinct());
    }

    [GeneratedRegex(@"`(tarmak\.[a-z_.]+)`")]
    private static partial Regex Backticked();

    [GeneratedRegex(@"""(tarmak\.[a-z_.]+)""")]
    private static partial Regex Quoted();
}
