using Grpc.Core;
using Action = Tarmak.Api.V1.DocumentResult.Types.Action;

namespace Tarmak.Cli.Tests;

public sealed class ApplyTests
{
    private const string Full = "The disk that holds /home/engine.db is full: free some space, nothing of this change was kept.";

    [Fact]
    public async Task Apply_DiskFullMidway_ExitsOneSayingSoAndWhatBecameOfEachDocument()
    {
        var outcomes = new DocumentOutcomes
        {
            Documents =
            {
                new DocumentResult { Kind = "provider", Key = "laptop", Action = Action.Created },
                new DocumentResult { Kind = "environment", Key = "dev", Action = Action.Refused, Sentence = Full },
                new DocumentResult { Kind = "cluster", Key = "dev/demo", Action = Action.NotReached },
            },
        };
        await using var engine = new FakeEngine { OnApply = _ => throw FakeEngine.Refusal(StatusCode.ResourceExhausted, Full, outcomes) };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("apply", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Out.Should().Be($"provider laptop created\nenvironment dev was refused: {Full}\ncluster dev/demo was not reached\n");
        cli.Error.Should().Be($"tarmak: {Full}\n");
        engine.Requests.Should().ContainSingle("trying again would not help");
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task Apply_AnswerLost_IsSentOnceMoreUnderTheSameId(StatusCode code)
    {
        var attempts = 0;
        await using var engine = new FakeEngine
        {
            OnApply = _ => ++attempts == 1 ? throw FakeEngine.Refusal(code, "Repeat it with the same request id.") : Some.Accepted(),
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("apply", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        var requests = engine.Requests.OfType<ApplyRequest>().ToList();
        requests.Should().HaveCount(2);
        requests[1].Should().Be(requests[0]);
    }

    [Fact]
    public async Task Apply_NoEngineRuns_ExitsOneSayingHowToStartIt()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("apply", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: No engine runs; `tarmak up` starts it.\n");
    }

    [Fact]
    public async Task Events_StreamBreaksWithinARevision_ResumesAfterTheLastEvent()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        engine.Histories.Enqueue([new Event { Revision = 7, Ordinal = 0, Key = "dev/demo", Message = "a" }]);
        engine.Histories.Enqueue([new Event { Revision = 7, Ordinal = 1, Key = "dev/demo", Message = "b" }]);
        var cli = new CliRun(engine);

        await cli.RunAsync("events", "dev/demo", "--watch");

        engine.Requests.OfType<EventsRequest>().Select(r => (r.AfterRevision, r.HasAfterOrdinal, r.AfterOrdinal)).Should().Equal((0, false, 0), (7, true, 0));
        cli.Out.Should().Contain(" a\n").And.Contain(" b\n");
    }
}
