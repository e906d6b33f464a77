using Grpc.Core;

namespace Tarmak.Cli.Tests;

public sealed class UpTests
{
    [Fact]
    public async Task Up_ClusterBecomesReady_ExitsZeroWithEndpointAndBreakdown()
    {
        await using var engine = new FakeEngine { OnApply = _ => Some.Accepted() };
        var ready = Some.Resource("cluster", "dev/demo", "Ready");
        ready.Endpoint = "https://127.0.0.1:2379";
        engine.Watches.Enqueue(
        [
            Some.Change(Some.Resource("environment", "dev", "Ready"), 4),
            Some.Change(Some.Resource("cluster", "dev/demo", "Provisioning", "waiting for pool etcd"), 5),
            Some.CaughtUp(5),
            Some.Change(ready, 6),
        ]);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Contain("cluster dev/demo created");
        cli.Out.Should().MatchRegex(@"\d+\.\ds  dev/demo  Provisioning  waiting for pool etcd");
        cli.Out.Should().Contain("Where the time went:").And.Contain("engine start");
        cli.Out.Should().Contain("dev/demo  https://127.0.0.1:2379");
        engine.Stops.Should().Be(0);
    }

    [Fact]
    public async Task Up_WatchBreaksOff_ResumesFromTheLastRevision()
    {
        await using var engine = new FakeEngine { OnApply = _ => Some.Accepted() };
        engine.Watches.Enqueue([Some.Change(Some.Resource("environment", "dev", "Ready"), 4), Some.Change(Some.Resource("cluster", "dev/demo", "Provisioning"), 9)]);
        engine.Watches.Enqueue([Some.CaughtUp(9), Some.Change(Some.Resource("cluster", "dev/demo", "Ready"), 10)]);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        engine.Requests.OfType<ListRequest>().Select(r => r.AfterRevision).Should().Equal(0, 9);
        cli.Out.Should().Contain("The engine does not answer; trying again.");
    }

    [Fact]
    public async Task Up_NotReadyInTime_ExitsThreeAndSaysWhatItWaitsFor()
    {
        await using var engine = new FakeEngine { OnApply = _ => Some.Accepted() };
        engine.Watches.Enqueue([Some.Change(Some.Resource("cluster", "dev/demo", "Provisioning", "waiting for pool etcd"), 5), Some.CaughtUp(5)]);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart), "--timeout", "1s");

        exitCode.Should().Be(ExitCode.TimedOut);
        cli.Error.Should().Contain("Not ready after 1s.").And.Contain("dev/demo: waiting for pool etcd").And.Contain("tarmak describe cluster dev/demo");
    }

    [Fact]
    public async Task Up_InvalidManifest_ExitsTwoBeforeAnEngineIsStarted()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);
        var file = Some.File(engine, Some.Quickstart.Replace("count: 3", "cuont: 3", StringComparison.Ordinal));

        var exitCode = await cli.RunAsync("up", "-f", file);

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().StartWith($"{file}:22:33: spec.instancePools[1].cuont: ").And.Contain("count");
        engine.RunningPid().Should().BeNull();
    }

    [Fact]
    public async Task Up_OverlappingClustersInOneSet_ExitsTwoBeforeAnEngineIsStarted()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);
        var second = Some.Quickstart[Some.Quickstart.LastIndexOf("---", StringComparison.Ordinal)..].Replace("demo", "other", StringComparison.Ordinal);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart + "\n" + second));

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().Contain("spec.network.cidr: 10.99.0.0/16 overlaps 10.99.0.0/16 of cluster dev/demo; 10.100.0.0/16 is free");
        engine.RunningPid().Should().BeNull();
    }

    [Fact]
    public async Task Up_MissingFile_ExitsTwoNamingIt()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", "/nowhere/at-all.yaml");

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Trim().Should().Be("/nowhere/at-all.yaml: there is no such file.");
    }

    [Fact]
    public async Task Up_DataWouldBeLostWithoutTerminal_ExitsOneNamingTheConsent()
    {
        await using var engine = new FakeEngine { OnApply = _ => throw FakeEngine.ConsentRefusal("dev/demo/etcd", "Pool etcd of dev/demo shrinks and its volume etcd-2/data goes.") };
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Contain("volume etcd-2/data goes").And.Contain("--allow-data-loss dev/demo/etcd");
    }

    [Fact]
    public async Task Up_WithoutFiles_HasTheEngineLookBeforeItFollows()
    {
        await using var engine = new FakeEngine { OnList = r => new ListResponse { Resources = { r.Kind == "clusters" ? [Some.Resource("cluster", "dev/demo", "Ready")] : [] } } };
        engine.Watches.Enqueue([Some.Change(Some.Resource("cluster", "dev/demo", "Ready"), 4), Some.CaughtUp(4)]);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        engine.Requests.Where(r => r is not VersionRequest).First().Should().BeOfType<ApplyRequest>().Which.Files.Should().BeEmpty();
        cli.Out.Should().Contain("Where the time went:");
    }

    [Fact]
    public async Task Up_WithoutFilesAndNoContainerEngine_ExitsOneWithTheSentence()
    {
        await using var engine = new FakeEngine
        {
            OnApply = _ => throw FakeEngine.Refusal(Grpc.Core.StatusCode.Unavailable, "Listing containers: no container engine answers at unix:///run/podman/podman.sock; start it."),
        };
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Trim().Should().Be("tarmak: Listing containers: no container engine answers at unix:///run/podman/podman.sock; start it.");
    }

    [Fact]
    public async Task Up_RefusedByAnEngineItStarted_StopsItAgain()
    {
        await using var engine = new FakeEngine { OnApply = _ => throw FakeEngine.Refusal(StatusCode.FailedPrecondition, "Subnet 10.99.0.0/16 is taken; 10.100.0.0/16 is free.") };
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Contain("10.100.0.0/16 is free");
        engine.Stops.Should().Be(1);
    }

    [Fact]
    public async Task Up_RefusedByAnEngineThatRan_LeavesItRunning()
    {
        await using var engine = new FakeEngine { OnApply = _ => throw FakeEngine.Refusal(StatusCode.InvalidArgument, "wrong") };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Usage);
        engine.Stops.Should().Be(0);
    }

    [Fact]
    public async Task Up_PausedCluster_IsDoneAndSaysSo()
    {
        await using var engine = new FakeEngine { OnApply = _ => Some.Accepted() };
        engine.Watches.Enqueue(
        [
            Some.Change(Some.Resource("environment", "dev", "Ready"), 4),
            Some.Change(Some.Resource("cluster", "dev/demo", "Paused", "Its manifest says paused: true."), 5),
            Some.CaughtUp(5),
        ]);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("up", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Contain("dev/demo is paused: nothing of it is changed until its manifest says paused: false.");
        cli.Out.Should().NotContain("Ready in");
    }

    [Fact]
    public void LineView_SeveralAttemptsInOneOutage_SaysItOnceEach()
    {
        var output = new StringWriter();
        var view = new Follow.LineView(output, TimeProvider.System, 0);

        foreach (var sentence in (string[])["gone", "gone", "gone", "", "", "gone"])
        {
            view.Notice(sentence);
        }

        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(l => l.EndsWith("  gone"));
    }

    [Fact]
    public async Task Check_CommandAndManifests_AreJudgedAndNothingRuns()
    {
        await using var engine = new FakeEngine();
        var good = Some.File(engine, Some.Quickstart);
        var bad = Some.File(engine, Some.Quickstart.Replace("count: 3", "count: 4", StringComparison.Ordinal), "bad.yaml");

        (await new CliRun(engine).RunAsync("__check", "--", "up", "-f", good)).Should().Be(ExitCode.Done);
        (await new CliRun(engine).RunAsync("__check", "--", "up")).Should().Be(ExitCode.Done);
        (await new CliRun(engine).RunAsync("__check", "--", "up", "-f", "-")).Should().Be(ExitCode.Done);
        (await new CliRun(engine).RunAsync("__check", "--", "up", "-f", bad)).Should().Be(ExitCode.Usage);
        (await new CliRun(engine).RunAsync("__check", "--", "apply", "--nonsense")).Should().Be(ExitCode.Usage);
        engine.Requests.Should().BeEmpty();
    }
}
