using Tarmak.Cli.Output;

namespace Tarmak.Cli.Tests;

public sealed class PlanTests
{
    [Fact]
    public async Task Plan_NoEngineRuns_StartsNone()
    {
        await using var engine = new FakeEngine { OnPlan = _ => Plan() };
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("plan", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Changes, cli.Error);
        engine.RunningPid().Should().BeNull();
        engine.Stops.Should().Be(0);
    }

    [Fact]
    public async Task Plan_EngineRunsAlready_LeavesItRunning()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("plan", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Trim().Should().Be("Nothing to do: everything is as declared.");
        engine.Stops.Should().Be(0);
    }

    [Fact]
    public void PlanText_SeveralChanges_ListsThemInOrderWithFieldsAndConsent()
    {
        var lines = PlanText.Render(Plan());

        lines.Should().Equal(
            "+ create   cluster   dev/demo",
            "~ change   pool      dev/demo/etcd",
            "             spec.size: \"tiny\" → \"small\"",
            "- delete   instance  dev/demo/etcd-2",
            "",
            "1 to create, 1 to change, 0 to replace, 1 to delete.",
            "This loses data; consent with: --allow-data-loss dev/demo/etcd");
    }

    private static PlanResponse Plan() => new()
    {
        Changes =
        {
            new PlannedChange { Action = PlannedChange.Types.Action.Create, Kind = "cluster", Key = "dev/demo" },
            new PlannedChange
            {
                Action = PlannedChange.Types.Action.Change,
                Kind = "pool",
                Key = "dev/demo/etcd",
                Fields = { new FieldChange { Path = "spec.size", From = "\"tiny\"", To = "\"small\"" } },
            },
            new PlannedChange { Action = PlannedChange.Types.Action.Delete, Kind = "instance", Key = "dev/demo/etcd/2" },
        },
        Consents = { "dev/demo/etcd" },
    };
}
