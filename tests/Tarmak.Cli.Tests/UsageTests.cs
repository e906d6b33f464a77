namespace Tarmak.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("plan", "-f", "")]
    [InlineData("up", "-f", "a.yaml", "")]
    [InlineData("credentials", "dev/demo", "--dir", "")]
    [InlineData("logs", "dev/demo", "--since", "9999999d")]
    [InlineData("logs", "dev/demo", "--since", "-5m")]
    [InlineData("up", "--timeout", "9999999d9999999d")]
    [InlineData("up", "--timeout", "")]
    public async Task Run_WrongUsage_ExitsTwoWithOneSentence(params string[] args)
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync(args);

        exitCode.Should().Be(ExitCode.Usage, cli.Error);
        cli.Error.Should().MatchRegex(@"^tarmak: [^\n]+\nTry `tarmak \w+ --help`\.\n$");
    }

    [Fact]
    public async Task Run_FaultNobodyForesaw_ExitsOneWithOneSentence()
    {
        await using var engine = new FakeEngine { OnPlan = _ => new PlanResponse() };
        var cli = new CliRun(engine) { Time = new BrokenClock() };

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: This went wrong inside tarmak, and should not have: The clock is broken. (InvalidTimeZoneException)\n");
    }

    [Fact]
    public async Task Plan_ManifestOfFourMegabytes_ExitsTwoWithOneSentence()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);
        var file = Some.File(engine, new string('#', 4_000_000));

        var exitCode = await cli.RunAsync("plan", "-f", file);

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().Be($"{file}:1:1: the file is larger than 1 MiB; split it into several files\n");
        engine.RunningPid().Should().BeNull();
    }

    [Fact]
    public async Task Plan_ManifestOfManyMistakes_ShowsTheFirstAndCountsTheRest()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("plan", "-f", Some.File(engine, "kind: Cluster\n" + string.Concat(Enumerable.Repeat("a: 1\n", 5000))));

        exitCode.Should().Be(ExitCode.Usage);
        var lines = cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(101);
        lines[^1].Should().MatchRegex("^… and [0-9]+ more$");
    }

    [Fact]
    public async Task Plan_EndlessInput_ExitsTwo()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine) { Input = new EndlessText() };

        var exitCode = await cli.RunAsync("plan", "-f", "-");

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().Be("stdin: the file is larger than any manifest may be.\n");
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidTimeZoneException("The clock is broken.");
    }

    private sealed class EndlessText : TextReader
    {
        public override int Read(char[] buffer, int index, int count)
        {
            Array.Fill(buffer, '#', index, count);
            return count;
        }

        public override int Read(Span<char> buffer)
        {
            buffer.Fill('#');
            return buffer.Length;
        }
    }
}
