using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Tests.Misbehaving;

/// <summary>Plugins that do wrong at their start: each is told in a sentence, and used once it is mended.</summary>
public sealed class StartTests(Shelf shelf) : IClassFixture<Shelf>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("wrong-version", ErrorClass.Terminal, "Plugin * answers with protocol version 9, and this engine speaks 1; install a version of it for this engine.")]
    [InlineData("wrong-type", ErrorClass.Terminal, "Plugin * says that it is of type \"vault [[]31m\"; * holds another plugin than its name tells.")]
    [InlineData("other-sheet", ErrorClass.Terminal, "Plugin * tells another requirement sheet than its plugin.json in *; install both from one version of it.")]
    [InlineData("no-sheet", ErrorClass.Terminal, "Plugin * tells a requirement sheet that cannot be read; it must be \"sheet\" of its plugin.json.")]
    [InlineData("unimplemented", ErrorClass.Terminal, "Plugin * does not speak tarmak.plugin.v1; install a version of it for this engine.")]
    [InlineData("abort", ErrorClass.Terminal, "Plugin * answers its handshake with Internal instead of what it is; it has a fault of its own.")]
    [InlineData("speaks-no-grpc", ErrorClass.Terminal, "Plugin * answers its handshake with * instead of what it is; it has a fault of its own.")]
    [InlineData("other-token", ErrorClass.Terminal, "Plugin * does not take the engine's token; it must take what its standard input gave it.")]
    [InlineData("die", ErrorClass.Transient, "Plugin * ended with exit code 7 before it answered its handshake; the engine's log has its last words.")]
    [InlineData("die-at-start", ErrorClass.Transient, "Plugin * ended with exit code 1 before it answered its handshake; the engine's log has its last words.")]
    public async Task Start_OfAPluginThatDoesWrong_IsToldAndMended(string mode, ErrorClass error, string sentence)
    {
        await using var plugin = new BadPlugin(shelf, mode);

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(error);
        refused.Message.Should().Match(sentence.Replace("[[]", "["));
        refused.ToString().Should().NotContain("planted-secret").And.NotContain("\x1b");
        plugin.Be("good");
        (await plugin.Secrets.GetAsync("a", Token))!.Version.Should().Be(1);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("freeze")]
    [InlineData("never-listens")]
    public async Task Start_OfAPluginThatHangs_IsEndedAtTheDeadline(string mode)
    {
        await using var plugin = new BadPlugin(shelf, mode, BadPlugin.Impatient with { Handshake = TimeSpan.FromSeconds(2) });

        var refused = (await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(ErrorClass.Transient);
        refused.Message.Should().Match("Plugin * did not answer its handshake within 2 s and was ended; see what it waits for at its start.");
        Running(plugin.Type).Should().BeEmpty();
    }

    [Fact]
    public async Task Start_ThatFailsAgainAndAgain_WaitsLongerAndTellsItsOwner()
    {
        await using var plugin = new BadPlugin(shelf, "die-at-start", BadPlugin.Impatient with { FirstWait = TimeSpan.FromMinutes(1), LongestWait = TimeSpan.FromMinutes(1), StartsBeforeTerminal = 2 });
        Func<Task> use = () => plugin.Secrets.GetAsync("a", Token);

        (await use.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Transient);
        (await use.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Terminal);
        plugin.Be("good");
        var third = (await use.Should().ThrowAsync<ProviderException>()).Which;

        third.Error.Should().Be(ErrorClass.Terminal);
        third.Message.Should().Contain("ended with exit code 1").And.MatchRegex("It is tried again in (59|60) s.$");
        plugin.Log.All.Where(l => l.Level == LogLevel.Warning).Should().HaveCount(2).And.OnlyContain(l => l.Text.EndsWith("It wrote: I cannot go on. [31m"));
    }

    [Fact]
    public async Task Start_OfAProgramThatIsNotThere_IsTerminal()
    {
        var folder = Directory.CreateDirectory(Path.Combine(shelf.Home, "plugins", "missing")).FullName;
        var file = (await File.ReadAllTextAsync(Path.Combine(shelf.Folder, "plugin.json"), Token)).Replace("/usr/bin/python3", "./no-such-program");
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), file, Token);
        await using var factory = new PluginProviderFactory(Plugins.Installation.PluginFolder.Read(folder), BadPlugin.Impatient, new LogLines(), TimeProvider.System);
        var provider = factory.Create(new ProviderSettings("bad", "missing", "i", shelf.Home, new Dictionary<string, string>()), new NoMachines());

        var refused = (await FluentActions.Awaiting(() => provider.SecretStore!.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>()).Which;

        refused.Error.Should().Be(ErrorClass.Terminal);
        refused.Message.Should().Match("Plugin missing cannot be started: ./no-such-program: *; install it, or mend command in *plugin.json.");
    }

    [Fact]
    public async Task Verify_OfAPluginThatDoesNotStart_SaysWhyAndThatTheRestIsUnknown()
    {
        await using var plugin = new BadPlugin(shelf, "wrong-version");

        var findings = await plugin.Provider.VerifyAsync(Token);

        findings.Select(f => (f.Requirement.Name, f.State)).Should().Equal(
            ("plugin", RequirementState.Unmet), ("folder", RequirementState.Unknown), ("key", RequirementState.Unknown));
        findings[0].Sentence.Should().Contain("protocol version 9");
        (await plugin.Provider.CheckAsync(new PreflightRequest([], []), Token)).Should().ContainSingle().Which.Should().Contain("protocol version 9");
    }

    [Fact]
    public async Task Dispose_OfAPluginThatStays_EndsIt()
    {
        await using var plugin = new BadPlugin(shelf, "stays");
        await plugin.Secrets.GetAsync("a", Token);
        Running(plugin.Type).Should().ContainSingle();

        await plugin.DisposeAsync();

        Running(plugin.Type).Should().BeEmpty();
        (await FluentActions.Awaiting(() => plugin.Secrets.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>())
            .Which.Message.Should().Be($"Plugin {plugin.Type} is ended with the engine.");
    }

    [Fact]
    public async Task Dispose_InTheMiddleOfAStart_DoesNotWaitForItsDeadline()
    {
        var plugin = new BadPlugin(shelf, "hang", BadPlugin.Impatient with { Handshake = TimeSpan.FromMinutes(10) });
        var use = FluentActions.Awaiting(() => plugin.Secrets.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        await plugin.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), Token);

        (await use).Which.Message.Should().Be($"Plugin {plugin.Type} is ended with the engine.");
        Running(plugin.Type).Should().BeEmpty();
    }

    [Fact]
    public async Task Process_WhoseEngineIsKilled_GoesWithItsSocket()
    {
        await using var plugin = new BadPlugin(shelf, "good");
        await plugin.Secrets.GetAsync("a", Token);
        var process = await plugin.ProcessAsync(Token);

        // What the kernel does for an engine that is killed.
        process.CloseInput();
        await process.Exited.WaitAsync(TimeSpan.FromSeconds(30), Token);

        process.Ending.Should().Be("ended with exit code 0");
        File.Exists(process.SocketPath).Should().BeFalse();
        Directory.Exists(Path.GetDirectoryName(process.SocketPath)).Should().BeFalse();
        (await plugin.Secrets.GetAsync("a", Token))!.Version.Should().Be(1);
    }

    [Fact]
    public async Task Process_WithAStrangerAtItsSocket_AnswersHimNothing()
    {
        await using var plugin = new BadPlugin(shelf, "good");
        var process = await plugin.ProcessAsync(Token);

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(Path.GetDirectoryName(process.SocketPath)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var environment = await File.ReadAllTextAsync($"/proc/{Running(plugin.Type).Single()}/environ", Token);
        environment.Should().NotContain(process.Token).And.NotContain("DOTNET");
    }

    private static int[] Running(string type) =>
        [.. Process.GetProcessesByName("python3").Where(p => InFolder(p, type)).Select(p => p.Id)];

    private static bool InFolder(Process process, string type)
    {
        var link = new FileInfo($"/proc/{process.Id}/cwd").LinkTarget;
        return link is not null && Path.GetFileName(link) == type;
    }
}
