using System.Collections.Immutable;
using Tarmak.Providers.Conformance.Reports;

namespace Tarmak.Providers.Conformance.Tests;

/// <summary>The page of what was found, against the reports it was written from and the checks there are.</summary>
public sealed class ConformancePageTests
{
    private const string Begin = "<!-- written by eng/write-conformance.sh -->\n";

    private static string Docs { get; } = Path.Combine(Root(), "docs");

    private static string Page { get; } = Path.Combine(Docs, "conformance.md");

    private static IReadOnlyList<StoredReport> Reports { get; } =
        [.. Directory.GetFiles(Path.Combine(Docs, "conformance"), "*.json").Order(StringComparer.Ordinal).Select(f => StoredReport.Read(File.ReadAllText(f)))];

    [Fact]
    public void Page_IsWhatTheStoredReportsSay()
    {
        var text = File.ReadAllText(Page);
        var told = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + MatrixReport.Write(Reports);
        if (Environment.GetEnvironmentVariable("TARMAK_CONFORMANCE_PAGE") == "write")
        {
            File.WriteAllText(Page, told);
        }

        File.ReadAllText(Page).Should().Be(told, "eng/write-conformance.sh writes it");
    }

    [Fact]
    public void StoredReports_AreOfChecksThereAre_AndNothingFailed()
    {
        var known = ConformanceKit.All.Select(c => c.Id).Append("compute/what-checks-stood-on-is-removed").ToHashSet(StringComparer.Ordinal);

        Reports.Should().NotBeEmpty();
        foreach (var report in Reports)
        {
            report.Outcomes.Keys.Should().BeSubsetOf(known, "eng/write-conformance.sh {0} drops what is checked no more", report.Provider);
            report.Outcomes.Where(o => o.Value == CheckOutcome.Failed).Select(o => o.Key).Should().BeEmpty(report.Provider);
        }
    }

    [Fact]
    public void StoredReports_HaveWhatIsChecked_ButForAFew()
    {
        // Who adds a check need not run every provider at once; who adds many has to.
        foreach (var report in Reports)
        {
            var missing = ConformanceKit.All.Count(c => !report.Outcomes.ContainsKey(c.Id));
            missing.Should().BeLessThan(ConformanceKit.All.Length / 4, "eng/write-conformance.sh {0} runs the checks that came since", report.Provider);
        }
    }

    [Fact]
    public void StoredReport_ReadsWhatItWrote()
    {
        var report = Reports[0];

        var read = StoredReport.Read(report.Write());

        (read.Provider, read.Share).Should().Be((report.Provider, report.Share));
        read.Outcomes.Should().Equal(report.Outcomes);
    }

    [Fact]
    public void StoredReport_OfSomeCapabilities_KeepsWhatIsSaidOfOthers()
    {
        var earlier = new StoredReport("one", 1, Of(("dns/a", CheckOutcome.Passed), ("dns/gone", CheckOutcome.Passed), ("network/a", CheckOutcome.Passed)));

        var both = new StoredReport("one", 8, Of(("dns/a", CheckOutcome.Failed))).Over(earlier);

        both.Share.Should().Be(8);
        both.Outcomes.Should().Equal(Of(("dns/a", CheckOutcome.Failed), ("network/a", CheckOutcome.Passed)));
    }

    private static ImmutableSortedDictionary<string, CheckOutcome> Of(params (string Id, CheckOutcome Outcome)[] found) =>
        found.ToImmutableSortedDictionary(f => f.Id, f => f.Outcome, StringComparer.Ordinal);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tarmak.Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder;
    }
}
