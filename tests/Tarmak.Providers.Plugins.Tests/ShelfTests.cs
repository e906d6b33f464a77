using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Reports;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Tests;

/// <summary>A provider in Python, in a real process.</summary>
public sealed class ShelfTests(Shelf shelf) : IClassFixture<Shelf>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_InPython_PassesEveryCheckOfWhatItOffers()
    {
        // Two processes, by turns: what the kit opens twice are two of them.
        PluginProviderFactory[] processes = [shelf.Open(), shelf.Open()];
        var opened = 0;
        var subject = new ConformanceSubject(
            "shelf", "i", () => processes[Interlocked.Increment(ref opened) % processes.Length].Create(shelf.Settings("conformance"), new NoMachines()));

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(subject, ConformanceKit.All, Token);

        StoredReport.KeepWhereWanted("plugin-python", report);
        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Count(r => r.Check.Capability is CapabilityNames.SecretStore or CapabilityNames.ObjectStorage && r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task Secret_OnDisk_IsNotThereInClear()
    {
        var store = shelf.Open().Create(shelf.Settings("clear"), new NoMachines()).SecretStore!;

        await store.CreateIfAbsentAsync("a/b", Encoding.UTF8.GetBytes("planted-value"), Token);

        var files = Directory.GetFiles(Path.Combine(shelf.Home, "providers", "clear"), "*", SearchOption.AllDirectories);
        files.Where(f => Path.GetFileName(f) == "1").Should().ContainSingle();
        files.Should().OnlyContain(f => !Encoding.Latin1.GetString(File.ReadAllBytes(f)).Contains("planted-value"));
    }

    [Fact]
    public async Task Secret_UnderAnotherKey_IsRefusedWithTheWayOut()
    {
        var factory = shelf.Open();
        var other = Path.Combine(shelf.Home, "other.key");
        await File.WriteAllTextAsync(other, new string('1', 64), Token);
        await factory.Create(shelf.Settings("keys"), new NoMachines()).SecretStore!.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);

        var act = () => factory.Create(shelf.Settings("keys", other), new NoMachines()).SecretStore!.GetAsync("a", Token);

        var refused = (await act.Should().ThrowAsync<ProviderException>()).Which;
        refused.Error.Should().Be(ErrorClass.Unauthenticated);
        refused.Message.Should().Be("Secret a was not written under the key that credentialsFrom names; name the key it was written under.");
    }

    [Fact]
    public async Task Verify_FolderAndKey_AreMet()
    {
        var findings = await shelf.Open().Create(shelf.Settings(), new NoMachines()).VerifyAsync(Token);

        findings.Select(f => (f.Requirement.Name, f.State)).Should().Equal(
            ("plugin", RequirementState.Met), ("folder", RequirementState.Met), ("key", RequirementState.Met));
    }

    [Fact]
    public async Task Verify_KeyThatIsNotThere_IsUnmetWithItsFile()
    {
        var findings = await shelf.Open().Create(shelf.Settings("office", "/nowhere/shelf.key"), new NoMachines()).VerifyAsync(Token);

        findings.Single(f => f.Requirement.Name == "key").Should().Match<RequirementFinding>(f => f.State == RequirementState.Unmet && f.Sentence.Contains("/nowhere/shelf.key"));
    }

    [Fact]
    public async Task RemoveFiles_OfAnAccountWithASecret_LeavesIt()
    {
        var factory = shelf.Open();
        var store = factory.Create(shelf.Settings("leaving"), new NoMachines()).SecretStore!;
        await store.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);

        await factory.RemoveFilesAsync(shelf.Settings("leaving"), Token);
        (await store.GetAsync("a", Token)).Should().NotBeNull();
        await store.DeleteAsync("a", Token);
        await factory.RemoveFilesAsync(shelf.Settings("leaving"), Token);

        Directory.Exists(Path.Combine(shelf.Home, "providers", "leaving")).Should().BeFalse();
    }
}
