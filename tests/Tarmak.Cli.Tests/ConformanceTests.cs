namespace Tarmak.Cli.Tests;

public sealed class ConformanceTests
{
    [Theory]
    [InlineData(true, ExitCode.Done)]
    [InlineData(false, ExitCode.Failed)]
    public async Task Run_Results_ArePrintedAsTheyCome_AndDecideTheExitCode(bool passed, int exitCode)
    {
        await using var engine = new FakeEngine
        {
            Checked =
            [
                Result("secretStore/a", CheckResult.Types.Outcome.Passed),
                Result("dns/b", CheckResult.Types.Outcome.NotOffered),
                .. passed ? Array.Empty<ConformanceResponse>() : [Result("volumes/c", CheckResult.Types.Outcome.Failed, "Made twice, there are two.")],
                new ConformanceResponse { Report = new ConformanceReport { Passed = passed } },
            ],
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        (await cli.RunAsync("conformance", "run", "--provider", "laptop")).Should().Be(exitCode, cli.Error);

        cli.Out.Should().Be("✓ secretStore/a 1.5s\n· dns/b: not offered\n" + (passed ? "" : "✗ volumes/c: Made twice, there are two.\n"));
        cli.Error.Should().Be($"1 passed, {(passed ? 0 : 1)} failed, 1 not offered by provider laptop\n");
    }

    [Fact]
    public async Task Run_WithAFormat_PrintsTheReportOnly()
    {
        await using var engine = new FakeEngine
        {
            Checked = [Result("secretStore/a", CheckResult.Types.Outcome.Passed), new ConformanceResponse { Report = new ConformanceReport { Passed = true, Text = "<testsuites />", Seed = 41 } }],
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        (await cli.RunAsync("conformance", "run", "--provider", "laptop", "--capability", "secretStore", "--seed", "41", "-o", "junit")).Should().Be(ExitCode.Done, cli.Error);

        cli.Out.Should().Be("<testsuites />\n");
        cli.Error.Should().EndWith("by provider laptop; seed 41\n");
        var request = engine.Requests.OfType<ConformanceRequest>().Single();
        (request.Provider, request.Capability, request.Format, request.Seed).Should().Be(("laptop", "secretStore", "junit", 41));
    }

    [Fact]
    public async Task Run_WithAnotherProvider_NamesItAndItsZone()
    {
        await using var engine = new FakeEngine { Checked = [new ConformanceResponse { Report = new ConformanceReport { Passed = true } }] };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        (await cli.RunAsync("conformance", "run", "--provider", "laptop", "--other", "office", "--other-zone", "office.example")).Should().Be(ExitCode.Done, cli.Error);

        var request = engine.Requests.OfType<ConformanceRequest>().Single();
        (request.Provider, request.Other, request.OtherZone, request.Zone).Should().Be(("laptop", "office", "office.example", ""));
    }

    [Fact]
    public async Task Run_ThatEndsWithoutAReport_Fails()
    {
        await using var engine = new FakeEngine { Checked = [Result("secretStore/a", CheckResult.Types.Outcome.Passed)] };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        (await cli.RunAsync("conformance", "run", "--provider", "laptop")).Should().Be(ExitCode.Failed);

        cli.Error.Should().Be("tarmak: The engine ended the run before its end; run it again.\n");
    }

    private static ConformanceResponse Result(string check, CheckResult.Types.Outcome outcome, string message = "") =>
        new() { Result = new CheckResult { Check = check, Outcome = outcome, Message = message, Seconds = 1.5 } };
}
