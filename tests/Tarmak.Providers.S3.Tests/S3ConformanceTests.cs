using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Reports;
using Tarmak.Providers.S3.Tests.Server;

namespace Tarmak.Providers.S3.Tests;

/// <summary>The provider by the kit.</summary>
public sealed class S3ConformanceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Provider_OnAServer_PassesEveryCheckOfWhatItOffers(bool keepsVersions)
    {
        await using var server = await LoopbackS3.StartAsync();
        server.Store.KeepsVersions = keepsVersions;
        var subject = new ConformanceSubject("s3", "i", () => Calls.Open(server.Options)) { OpenAs = _ => Calls.Open(server.Options), Faults = new DisturbedServer(server) };

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(subject, ConformanceKit.All, TestContext.Current.CancellationToken);

        if (keepsVersions)
        {
            StoredReport.KeepWhereWanted("s3", report);
        }

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Count(r => r.Check.Capability == CapabilityNames.ObjectStorage && r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(30);
        server.Store.Buckets.Should().BeEmpty();
    }
}
