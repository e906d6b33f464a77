using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Tests.Misbehaving;

/// <summary>Plugins that do wrong in a call: each is told in a sentence, with what may have happened, and the next call is served.</summary>
public sealed class CallTests(Shelf shelf) : IClassFixture<Shelf>
{
    private static readonly BucketSpec Spec = new("backups");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hang", ErrorClass.Transient, "Plugin * had no answer to SecretStore.Get of hang within 2 s.")]
    [InlineData("freeze", ErrorClass.Transient, "Plugin * had no answer to SecretStore.Get of freeze within 2 s.")]
    [InlineData("die", ErrorClass.Transient, "Plugin * ended with exit code 7 in the middle of SecretStore.Get of die.")]
    [InlineData("abort", ErrorClass.Transient, "Plugin * broke off SecretStore.Get of abort with Internal.")]
    [InlineData("unimplemented", ErrorClass.Terminal, "Plugin * offers by its sheet what needs SecretStore.Get, and does not implement it; install a version of it that does what its sheet says.")]
    [InlineData("large", ErrorClass.Terminal, "Plugin * answers SecretStore.Get of large with more than 8 MiB; it breaks its contract, so have it mended.")]
    [InlineData("no-message", ErrorClass.Terminal, "Plugin * answers SecretStore.Get of no-message with what is no message of the protocol; it breaks its contract, so have it mended.")]
    [InlineData("no-version", ErrorClass.Terminal, "Plugin * answers SecretStore.Get of no-version with a version below 1; it breaks its contract, so have it mended.")]
    [InlineData("no-class", ErrorClass.Terminal, "Plugin * answers SecretStore.Get of no-class with a refusal of a class that is none; it breaks its contract, so have it mended.")]
    public async Task Read_ThatGoesWrong_IsToldAndTheNextOneIsServed(string name, ErrorClass error, string sentence)
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.GetAsync(name, Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(error);
        refused.Message.Should().Match(sentence);
        refused.ToString().Should().NotContain("planted-secret");
        (await plugin.Secrets.GetAsync("a", Token))!.Version.Should().Be(1);
    }

    [Theory]
    [InlineData("hang", "had no answer to Resources.Ensure of hang within 2 s.")]
    [InlineData("freeze", "had no answer to Resources.Ensure of freeze within 2 s.")]
    [InlineData("die", "ended with exit code 7 in the middle of Resources.Ensure of die.")]
    [InlineData("abort", "broke off Resources.Ensure of abort with Internal.")]
    public async Task Ensure_ThatIsCutOff_IsUnknownAndTheNextOneIsServed(string name, string sentence)
    {
        await using var plugin = new BadPlugin(shelf, "good");
        var buckets = plugin.Provider.ObjectStorage!.Buckets;

        var outcome = await buckets.EnsureAsync(BadPlugin.Call(name), Spec, Token);

        outcome.Should().Be(new StepOutcome.Unknown($"Plugin {plugin.Type} {sentence}"));
        (await buckets.EnsureAsync(BadPlugin.Call("a"), Spec, Token)).Should().Be(new StepOutcome.Succeeded(Observation.Present("a", """{"bucketId":"b"}""")));
    }

    [Fact]
    public async Task Delete_ThatIsCutOff_IsUnknown()
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var outcome = await plugin.Provider.ObjectStorage!.Buckets.DeleteAsync(BadPlugin.Call("die"), Spec, Token);

        outcome.Should().Be(new StepOutcome.Unknown($"Plugin {plugin.Type} ended with exit code 7 in the middle of Resources.Delete of die."));
    }

    [Theory]
    [InlineData("no-outcome", "an outcome that is none")]
    [InlineData("no-json", "outputs that are not those of a bucket")]
    [InlineData("other-outputs", "outputs that are not those of a bucket")]
    [InlineData("escape-in-outputs", "outputs that are not those of a bucket")]
    [InlineData("no-id", "an object id that is none")]
    [InlineData("escape-in-id", "an object id that is none")]
    [InlineData("absent", "an object that is not there and yet made, or has an id or outputs")]
    [InlineData("no-handle", "a handle that is none")]
    public async Task Ensure_WithGarbage_IsTerminal(string name, string what)
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var outcome = await plugin.Provider.ObjectStorage!.Buckets.EnsureAsync(BadPlugin.Call(name), Spec, Token);

        outcome.Should().Be(new StepOutcome.Failed(
            ErrorClass.Terminal, $"Plugin {plugin.Type} answers Resources.Ensure of {name} with {what}; it breaks its contract, so have it mended."));
    }

    [Fact]
    public async Task Delete_WithTheObjectStillThere_IsTerminal()
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var outcome = await plugin.Provider.ObjectStorage!.Buckets.DeleteAsync(BadPlugin.Call("still-there"), Spec, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Terminal);
    }

    [Fact]
    public async Task Ensure_OfAPluginThatCannotBeStarted_HasCertainlyFailed()
    {
        await using var plugin = new BadPlugin(shelf, "wrong-version");

        var outcome = await plugin.Provider.ObjectStorage!.Buckets.EnsureAsync(BadPlugin.Call("a"), Spec, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Terminal);
    }

    [Theory]
    [InlineData("endless/", "more than 1000 entries")]
    [InlineData("circle/", "a page token that leads nowhere")]
    [InlineData("unordered/", "names that are out of order, doubled, or do not begin with the prefix")]
    [InlineData("doubled/", "names that are out of order, doubled, or do not begin with the prefix")]
    [InlineData("foreign/", "names that are out of order, doubled, or do not begin with the prefix")]
    public async Task List_ThatMakesNoSense_IsTerminal(string prefix, string what)
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.ListAsync(prefix, Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(ErrorClass.Terminal);
        refused.Message.Should().Contain(what);
        (await plugin.Secrets.ListAsync("a/", Token)).Should().Equal("a/1", "a/2");
    }

    [Fact]
    public async Task ListOwned_WithAnotherInstallationsObject_IsTerminal()
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var refused = await FluentActions.Awaiting(() => plugin.Provider.Watch!.ListOwnedAsync(Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Terminal);
        refused.Which.Message.Should().Contain("of another installation");
    }

    [Fact]
    public async Task Capability_ThatTheSheetOffersAndNobodyImplements_IsTerminal()
    {
        await using var plugin = new BadPlugin(shelf, "no-secrets");

        var refused = await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Terminal);
        refused.Which.Message.Should().Contain("offers by its sheet what needs SecretStore.Get");
    }

    [Theory]
    [InlineData("tell", ErrorClass.Conflict, "Plugin * refuses SecretStore.CreateIfAbsent of tell, in words that are not shown because the secret is among them.")]
    [InlineData("raise", ErrorClass.Transient, "Plugin * broke off SecretStore.CreateIfAbsent of raise with Unknown.")]
    [InlineData("nothing", ErrorClass.Terminal, "Plugin * answers SecretStore.CreateIfAbsent of nothing with nothing; it breaks its contract, so have it mended.")]
    public async Task Secret_ThatThePluginTells_IsInNoErrorAndNoLogThatIsKept(string name, ErrorClass error, string sentence)
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.CreateIfAbsentAsync(name, Encoding.UTF8.GetBytes("planted-secret"), Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(error);
        refused.Message.Should().Match(sentence);
        refused.ToString().Should().NotContain("planted-secret");
        plugin.Log.All.Where(l => l.Level > LogLevel.Debug).Should().NotContain(l => l.Text.Contains("planted-secret"));
    }

    [Fact]
    public async Task Refusal_WithEscapesAndTooLong_IsOneShortPlainLine()
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("terminal-escapes", Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Message.Should().StartWith("a [31m  bxxx").And.EndWith("x…").And.HaveLength(501);
    }

    [Fact]
    public async Task Verify_WithEscapesAndFindingsNobodyAskedFor_KeepsToTheSheet()
    {
        await using var plugin = new BadPlugin(shelf, "good");

        var findings = await plugin.Provider.VerifyAsync(Token);

        findings.Select(f => (f.Requirement.Name, f.State, f.Sentence)).Skip(1).Should().Equal(
            ("folder", RequirementState.Met, "a [2Jb"), ("key", RequirementState.Unknown, "The plugin does not say."));
    }

    [Fact]
    public async Task Output_ThatFloods_IsCutAndTheCallsAreServed()
    {
        await using var plugin = new BadPlugin(shelf, "floods-output", BadPlugin.Impatient with { Call = TimeSpan.FromSeconds(30), Health = TimeSpan.FromSeconds(10) });
        var begun = Stopwatch.StartNew();

        for (var n = 0; n < 20; n++)
        {
            (await plugin.Secrets.GetAsync("a", Token))!.Version.Should().Be(1);
        }

        var seconds = begun.Elapsed.TotalSeconds + 1;
        var lines = plugin.Log.All.Where(l => l.Level == LogLevel.Debug).ToList();
        lines.Should().NotBeEmpty().And.OnlyContain(l => l.Text.Length < 400);
        lines.Count.Should().BeLessThanOrEqualTo((int)(seconds * (BadPlugin.Impatient.LinesPerSecond + 1)));
    }

    [Fact]
    public async Task Health_ThatFailsBetweenCalls_EndsTheProcessAndTheNextCallStartsAnother()
    {
        await using var plugin = new BadPlugin(shelf, "good", BadPlugin.Impatient with { HealthEvery = TimeSpan.FromMilliseconds(200) });
        var first = await plugin.ProcessAsync(Token);
        using (var freezing = new CancellationTokenSource())
        {
            var frozen = plugin.Secrets.GetAsync("freeze", freezing.Token);
            await first.Exited.WaitAsync(TimeSpan.FromSeconds(30), Token);
            (await FluentActions.Awaiting(() => frozen).Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Transient);
        }

        (await plugin.Secrets.GetAsync("a", Token))!.Version.Should().Be(1);
        (await plugin.ProcessAsync(Token)).Should().NotBeSameAs(first);
        plugin.Log.All.Should().Contain(l => l.Level == LogLevel.Warning && l.Text.Contains("did not answer within 1 s whether it is well, and was ended"));
    }

    [Fact]
    public async Task Calls_InFlightWhenTheProcessDies_AreAllCutOffAndTheNextServedByOne()
    {
        await using var plugin = new BadPlugin(shelf, "good", BadPlugin.Impatient with { Call = TimeSpan.FromSeconds(20) });
        await plugin.Secrets.GetAsync("a", Token);

        var hanging = Enumerable.Range(0, 5).Select(_ => FluentActions.Awaiting(() => plugin.Secrets.GetAsync("hang", Token)).Should().ThrowAsync<ProviderException>()).ToList();
        await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("die", Token)).Should().ThrowAsync<ProviderException>();

        foreach (var call in hanging)
        {
            (await call).Which.Message.Should().Be($"Plugin {plugin.Type} ended with exit code 7 in the middle of SecretStore.Get of hang.");
        }

        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => plugin.Secrets.GetAsync("a", Token)))).Should().OnlyContain(s => s!.Version == 1);
    }
}
