using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;

namespace Tarmak.Providers.Container.Tests.Containers;

[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class ConformanceTests(EngineFixture fixture)
{
    [Fact]
    public async Task Provider_OnARealEngine_PassesEveryCheckOfWhatItOffers()
    {
        var subject = new ConformanceSubject("container", fixture.Installation, fixture.Open);

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(subject, ConformanceKit.All, TestContext.Current.CancellationToken);

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Where(r => r.Outcome == CheckOutcome.NotOffered).Select(r => r.Check.Capability).Should()
            .OnlyContain(capability => ContainerSheet.Sheet.Find(capability) == null || capability == CapabilityNames.Dns, "it makes zones, so that none can be missing");
    }
}
