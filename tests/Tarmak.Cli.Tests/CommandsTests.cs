using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Tarmak.Cli.Tests;

public sealed class CommandsTests
{
    [Fact]
    public async Task Explain_WhatIsBlocked_SaysSinceWhenAndWhy()
    {
        await using var engine = new FakeEngine
        {
            OnExplain = _ => new ExplainResponse
            {
                Explanations = { new Explanation { Kind = "instance", Key = "dev/demo/etcd/0", Phase = "Blocked", Sentence = "The disk is full.", Since = Timestamp.FromDateTimeOffset(Some.Now.AddSeconds(-75)) } },
            },
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Some.Now) };

        var exitCode = await cli.RunAsync("explain", "dev/demo/etcd-0");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Be("instance dev/demo/etcd-0 Blocked for 1m15s: The disk is full.\n");
        engine.Requests.OfType<ExplainRequest>().Single().Key.Should().Be("dev/demo/etcd/0");
    }

    [Fact]
    public async Task Explain_NothingWaits_SaysSo()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        await cli.RunAsync("explain", "dev/demo");

        cli.Out.Should().Be("dev/demo waits for nothing.\n");
    }

    [Fact]
    public async Task Logs_OfACluster_NamesTheInstanceAndKeepsTabs()
    {
        await using var engine = new FakeEngine { Lines = [new LogLine { Instance = "etcd-0", Line = "a\tb\u001b[2J\n" }] };
        await engine.ListenAsync();
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Some.Now) };

        var exitCode = await cli.RunAsync("logs", "dev/demo", "--since", "2h");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Be("etcd-0 | a\tb [2J\n");
        engine.Requests.OfType<LogsRequest>().Single().Since.ToDateTimeOffset().Should().Be(Some.Now.AddHours(-2));
    }

    [Fact]
    public async Task Events_OfACluster_PrintsThemInOrder()
    {
        await using var engine = new FakeEngine
        {
            Happened =
            [
                new Event { Revision = 1, Time = Timestamp.FromDateTimeOffset(Some.Now), Key = "dev/demo/etcd/0", Reason = "Started", Message = "made" },
                new Event { Revision = 2, Time = Timestamp.FromDateTimeOffset(Some.Now), Key = "dev/demo", Warning = true, Reason = "Blocked", Message = "broken" },
            ],
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("events", "dev/demo");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        var lines = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(2);
        lines[0].Should().MatchRegex("  Normal +dev/demo/etcd-0 +Started +made$");
        lines[1].Should().MatchRegex("  Warning +dev/demo +Blocked +broken$");
    }

    [Fact]
    public async Task Apply_WithoutWaiting_PrintsWhatBecameOfEachDocument()
    {
        await using var engine = new FakeEngine { OnApply = _ => Some.Accepted() };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("apply", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Be("provider laptop unchanged\nenvironment dev created\ncluster dev/demo created\n");
        engine.Requests.OfType<ListRequest>().Should().BeEmpty();
    }

    [Fact]
    public async Task Down_EngineRuns_StopsIt()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();

        var first = new CliRun(engine);
        await first.RunAsync("down");
        var second = new CliRun(engine);
        await second.RunAsync("down");

        first.Out.Should().StartWith("The engine has ended");
        second.Out.Should().Be("No engine runs.\n");
    }

    [Fact]
    public async Task Describe_Cluster_PrintsItsTree()
    {
        await using var engine = new FakeEngine
        {
            OnList = _ => new ListResponse { Resources = { Some.Resource("cluster", "dev/demo", "Ready"), Some.Resource("pool", "dev/demo/etcd", "Ready") } },
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Some.Now) };

        var exitCode = await cli.RunAsync("describe", "cluster", "dev/demo");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Contain("Name:        dev/demo").And.Contain("└─ pool etcd");
        engine.Requests.OfType<ListRequest>().Single().Under.Should().Be("dev/demo");
    }

    [Fact]
    public async Task Ssh_InstanceThatIsNotThere_ExitsOneAndRunsNothing()
    {
        await using var engine = new FakeEngine { OnSshAccess = _ => throw FakeEngine.Refusal(StatusCode.NotFound, "There is no instance dev/demo/etcd-7.") };
        await engine.ListenAsync();
        Directory.CreateDirectory(engine.Home.SshDirectory);
        await File.WriteAllTextAsync(engine.Home.SshKey, "", TestContext.Current.CancellationToken);
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("ssh", "dev/demo/etcd-7");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: There is no instance dev/demo/etcd-7.\n");
        engine.Requests.OfType<SshAccessRequest>().Should().ContainSingle();
    }
}
