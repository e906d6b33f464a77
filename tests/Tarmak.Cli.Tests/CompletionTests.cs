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
}
