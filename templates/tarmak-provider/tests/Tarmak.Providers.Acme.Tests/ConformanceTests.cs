using Tarmak.Providers.Conformance;

namespace Tarmak.Providers.Acme.Tests;

public sealed class ConformanceTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("acme-");

    [Fact]
    public async Task Provider_PassesEveryCheckOfWhatItOffers()
    {
        var subject = new ConformanceSubject("acme", "conformance", () => OpenAs("conformance")) { OpenAs = OpenAs };

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(subject, ConformanceKit.All, TestContext.Current.CancellationToken);

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Passed.Should().BeTrue("at least one check should apply to the provider");
    }

    public void Dispose() => home.Delete(recursive: true);

    private IProvider OpenAs(string installation) =>
        new AcmeProviderFactory().Create(new ProviderSettings("acme", "acme", installation, home.FullName, new Dictionary<string, string>()), new NoFirstBootSecrets());

    /// <summary>Acme starts no machines, so it asks for no one-time secrets.</summary>
    private sealed class NoFirstBootSecrets : IFirstBootSecrets
    {
        public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Acme starts no machines.");
    }
}
