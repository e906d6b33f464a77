using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Reports;

namespace Tarmak.Providers.Container.Tests.Containers;

[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class ConformanceTests(EngineFixture fixture)
{
    private const int SomeShare = 8;

    /// <summary>Installations that are checked side by side: each waits for the engine most of its time.</summary>
    private const int Lanes = 2;

    // Each death costs a real object. What is tried again and again is tried on demand (./test.sh --conformance some or all).
    private static string? Wanted => Environment.GetEnvironmentVariable("TARMAK_CONFORMANCE");

    // Some capabilities only, so that a long run can be had in parts.
    private static string[]? Of => Environment.GetEnvironmentVariable("TARMAK_CONFORMANCE_OF")?.Split(',');

    private static int Share => Wanted == "all" ? 1 : SomeShare;

    private static IEnumerable<ConformanceCheck> Checks => ConformanceKit.All.Where(c =>
        Of?.Contains(c.Capability) is not false && (Wanted is "some" or "all" || c.Group is CheckGroup.Sheet or CheckGroup.Lifecycle or CheckGroup.Behaviour));

    [Fact]
    public async Task Provider_OnARealEngine_PassesEveryCheckOfWhatItOffers()
    {
        // Lanes share the image, and building it takes longer than any check.
        await fixture.ImageAsync();
        var lanes = Enumerable.Range(1, Lanes).Select(_ => ImmutableArray.CreateBuilder<ConformanceCheck>()).ToList();
        foreach (var capability in Checks.GroupBy(c => c.Capability).OrderByDescending(Weight))
        {
            lanes.MinBy(l => l.Sum(Weight))!.AddRange(capability);
        }

        var reports = await Task.WhenAll(lanes.Select((checks, number) => CheckAsync($"{fixture.Installation}-{number}", checks.ToImmutable())));

        var order = ConformanceKit.All.Index().ToDictionary(c => c.Item.Id, c => c.Index, StringComparer.Ordinal);
        var results = reports.SelectMany(r => r.Results).OrderBy(r => order.GetValueOrDefault(r.Check.Id, int.MaxValue)).ThenByDescending(r => r.Outcome == CheckOutcome.Failed).DistinctBy(r => r.Check.Id);
        var report = new ConformanceReport("container", [.. results]);
        StoredReport.KeepWhereWanted("container", report, Share);
        TestContext.Current.TestOutputHelper!.WriteLine(JsonReport.Write(report));
        string.Join('\n', report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}")).Should().BeEmpty();
        report.Results.Where(r => r.Check.Group == CheckGroup.Lifecycle && r.Outcome == CheckOutcome.NotOffered).Select(r => r.Check.Capability).Should()
            .OnlyContain(capability => ContainerSheet.Sheet.Find(capability) == null);
    }

    private static int Weight(IEnumerable<ConformanceCheck> checks) => checks.Sum(Weight);

    /// <summary>About how long a check takes beside the others: those of machines and edges start some.</summary>
    private static int Weight(ConformanceCheck check) => check.Capability switch
    {
        CapabilityNames.Compute => 10,
        CapabilityNames.SecretStore or CapabilityNames.ObjectStorage => 1,
        _ => 3,
    };

    private Task<ConformanceReport> CheckAsync(string installation, ImmutableArray<ConformanceCheck> checks)
    {
        var subject = new ConformanceSubject("container", installation, () => fixture.OpenAs(installation))
        {
            OpenAs = fixture.OpenAs,
            Faults = new ContainerFaults(fixture, installation),
        };
        return new ConformanceKit(TimeProvider.System) { Share = Share }.RunAsync(subject, checks, TestContext.Current.CancellationToken);
    }
}
