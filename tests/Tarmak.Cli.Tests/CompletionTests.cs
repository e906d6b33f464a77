using Tarmak.Cli.Commands;
using Tarmak.Cli.Completion;

namespace Tarmak.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_KnownShell_PrintsAScriptThatAsksTheProgram(string shell)
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("completion", shell);

        exitCode.Should().Be(ExitCode.Done);
        cli.Out.Should().Contain("__complete --");
    }

    [Fact]
    public async Task Complete_BeginOfACommand_OffersCommands()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        await cli.RunAsync("__complete", "--", "de");

        cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal("delete", "describe", "destroy");
    }

    [Fact]
    public async Task Complete_BeginOfAnOption_OffersOptions()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        await cli.RunAsync("__complete", "--", "apply", "--a");

        cli.Out.Trim().Should().Be("--allow-data-loss");
    }

    [Fact]
    public async Task Complete_NameOfACluster_AsksTheEngine()
    {
        await using var engine = new FakeEngine { OnList = _ => new ListResponse { Resources = { Some.Resource("cluster", "dev/demo", "Ready") } } };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        await cli.RunAsync("__complete", "--", "credentials", "de");

        cli.Out.Trim().Should().Be("dev/demo");
    }

    [Fact]
    public async Task Complete_NoEngineRuns_OffersNothingAndDoesNotFail()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("__complete", "--", "credentials", "de");

        exitCode.Should().Be(ExitCode.Done);
        cli.Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("up", "--allow-data-loss --file --help --timeout")]
    [InlineData("down", "--help")]
    [InlineData("plan", "--file --help")]
    [InlineData("apply", "--allow-data-loss --file --help --timeout --wait")]
    [InlineData("delete", "cluster environment provider")]
    [InlineData("delete cluster", "dev/demo")]
    [InlineData("get", "bindings capabilities clusters environments instances pools providers")]
    [InlineData("providers", "list requirements verify")]
    [InlineData("get clusters", "dev/demo")]
    [InlineData("get clusters dev/demo", "--help --output --watch")]
    [InlineData("get clusters -o", "json name table wide yaml")]
    [InlineData("get clusters --watch", "dev/demo")]
    [InlineData("get nonsense", "--help --output --watch")]
    [InlineData("describe", "cluster environment instance pool")]
    [InlineData("describe cluster", "dev/demo")]
    [InlineData("events", "dev/demo")]
    [InlineData("explain", "dev/demo")]
    [InlineData("credentials", "dev/demo")]
    [InlineData("credentials dev/demo --dir", "")]
    [InlineData("ssh", "dev/demo/etcd-0")]
    [InlineData("ssh dev/demo/etcd-0 --", "")]
    [InlineData("logs", "dev/demo dev/demo/etcd-0")]
    [InlineData("logs dev/demo --since", "")]
    [InlineData("schema", "--help")]
    [InlineData("version", "--client --help")]
    [InlineData("completion", "bash fish zsh")]
    [InlineData("", "apply completion conformance credentials delete describe destroy down events explain get logs plan providers recover recovery-key schema ssh up version")]
    public async Task Complete_EmptyLastWord_OffersWhatMayStandThere(string words, string candidates)
    {
        await using var engine = new FakeEngine { OnList = Inventory };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync([CompleteCommand.Name, "--", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), ""]);

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Error.Should().BeEmpty();
        string.Join(' ', cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Should().Be(candidates);
    }

    [Theory]
    [InlineData("get cl", "clusters")]
    [InlineData("get clusters -o j", "json")]
    [InlineData("get clusters -", "--help --output --watch")]
    [InlineData("get nonsense de", "")]
    [InlineData("nonsense de", "delete describe destroy")]
    [InlineData("up --timeout 1", "")]
    public async Task Complete_BeginOfAWord_OffersWhatBeginsSo(string words, string candidates)
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync([CompleteCommand.Name, "--", .. words.Split(' ')]);

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        string.Join(' ', cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Should().Be(candidates);
    }

    [Theory]
    [InlineData("get|", "bindings capabilities clusters environments instances pools providers")]
    [InlineData("get|cl", "clusters")]
    [InlineData("get|clusters|-o|", "json name table wide yaml")]
    [InlineData("get|clusters|--out", "--output")]
    [InlineData("comp", "completion")]
    public async Task BashScript_SourcedAndAsked_OffersWhatTheProgramSays(string words, string candidates)
    {
        await using var engine = new FakeEngine();
        var script = Some.File(engine, CompletionScripts.Of("bash"), "completion.bash");
        string[] typed = ["tarmak", .. words.Split('|')];
        var ask = $"source {script}; COMP_WORDS=({string.Join(' ', typed.Select(w => $"'{w}'"))}); COMP_CWORD={typed.Length - 1}; _tarmak; printf '%s\\n' \"${{COMPREPLY[@]}}\"";

        var run = await Shell.RunAsync("bash", ["--norc", "-c", ask], ("PATH", $"{Shell.Programs}:{Environment.GetEnvironmentVariable("PATH")}"), ("TARMAK_HOME", engine.Home.Directory));

        run.Error.Should().BeEmpty();
        string.Join(' ', run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Should().Be(candidates);
    }

    private static ListResponse Inventory(ListRequest request) => new()
    {
        Resources =
        {
            request.Kind switch
            {
                "clusters" => [Some.Resource("cluster", "dev/demo", "Ready")],
                "instances" => [Some.Resource("instance", "dev/demo/etcd/0", "Ready")],
                _ => Array.Empty<Resource>(),
            },
        },
    };
}
