using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.Conformance.Reports;

namespace Tarmak.Providers.Container.Tests.Containers;

[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class ConformanceTests(EngineFixture fixture)
{
    private const int SomeShare = 8;

    // Each death costs a real object. What is tried again and again is tried on demand (./test.sh --conformance some or all):
    // a whole run takes a quarter of an hour.
    private static string? Wanted => Environment.GetEnvironmentVariable("TARMAK_CONFORMANCE");

    private static int Share => Wanted == "all" ? 1 : SomeShare;

    private static IEnumerable<ConformanceCheck> Checks => ConformanceKit.All.Where(
        c => Wanted is "some" or "all" || c.Group is CheckGroup.Sheet or CheckGroup.Lifecycle or CheckGroup.Behaviour);

    [Fact]
    public async Task Provider_OnARealEngine_PassesEveryCheckOfWhatItOffers()
    {
        var subject = new ConformanceSubject("container", fixture.Installation, fixture.Open)
        {
            OpenAs = fixture.OpenAs,
            Faults = new FaultyOpenings(new Dictionary<FaultCase, Func<IProvider>>
            {
                [new FaultCase("no container engine answers", ErrorClass.Transient) { Of = [ResourceKinds.Network, ResourceKinds.Volume, ResourceKinds.Machine] }] =
                    () => fixture.OpenAt("unix:///nowhere/engine.sock"),
            }),
        };

        var report = await new ConformanceKit(TimeProvider.System) { Share = Share }.RunAsync(subject, Checks, TestContext.Current.CancellationToken);

        StoredReport.KeepWhereWanted("container", report, Share);
        string.Join('\n', report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}")).Should().BeEmpty();
        report.Results.Where(r => r.Check.Group == CheckGroup.Lifecycle && r.Outcome == CheckOutcome.NotOffered).Select(r => r.Check.Capability).Should()
            .OnlyContain(capability => ContainerSheet.Sheet.Find(capability) == null);
    }
}
