using System.Globalization;
using System.Xml.Linq;

namespace Tarmak.Providers.Conformance.Reports;

/// <summary>A report for build servers: a test suite for each capability.</summary>
public static class JUnitReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>XML.</returns>
    public static string Write(ConformanceReport report) => new XElement(
        "testsuites",
        new XAttribute("name", report.Provider),
        report.Results.GroupBy(r => r.Check.Capability).Select(capability => new XElement(
            "testsuite",
            new XAttribute("name", $"{report.Provider}.{capability.Key}"),
            new XAttribute("tests", capability.Count()),
            new XAttribute("failures", capability.Count(r => r.Outcome == CheckOutcome.Failed)),
            new XAttribute("skipped", capability.Count(r => r.Outcome == CheckOutcome.NotOffered)),
            capability.Select(Case)))).ToString();

    private static XElement Case(CheckResult result) => new(
        "testcase",
        new XAttribute("classname", result.Check.Capability),
        new XAttribute("name", result.Check.Id),
        new XAttribute("time", result.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)),
        result.Outcome switch
        {
            CheckOutcome.Failed => new XElement("failure", new XAttribute("message", Printable(result.Message)), result.Check.Demand),
            CheckOutcome.NotOffered => new XElement("skipped", new XAttribute("message", "The provider does not offer it.")),
            _ => null,
        });

    // A driver's message may hold anything; XML may not.
    private static string Printable(string text) =>
        new([.. text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD')]);
}
