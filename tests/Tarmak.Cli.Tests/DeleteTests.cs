namespace Tarmak.Cli.Tests;

public sealed class DeleteTests
{
    private static readonly DeleteResponse s_deleting = new()
    {
        Documents = { new DocumentResult { Kind = "Cluster", Key = "dev/demo", Action = DocumentResult.Types.Action.Deleting, Generation = 2 } },
    };

    [Fact]
    public async Task Delete_WithoutTerminalAndYes_ExitsOneAndAsksNothingOfTheEngine()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("delete", "cluster", "dev/demo");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Contain("--yes");
        engine.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Delete_AnotherNameTyped_ExitsOneAndAsksNothingOfTheEngine()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        var cli = new CliRun(engine) { IsInteractive = true, Answers = "demo\n" };

        var exitCode = await cli.RunAsync("delete", "cluster", "dev/demo");

        exitCode.Should().Be(ExitCode.Failed);
        engine.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Delete_NameTypedAndDataNamed_DeletesWithConsentAndWaitsUntilGone()
    {
        await using var engine = new FakeEngine
        {
            OnDelete = r => r.AllowDataLoss.Contains("dev/demo/etcd") ? s_deleting : throw FakeEngine.ConsentRefusal("dev/demo/etcd", "Pool dev/demo/etcd holds data."),
        };
        await engine.ListenAsync();
        var cluster = Some.Resource("cluster", "dev/demo", "Deleting");
        engine.Watches.Enqueue([Some.Change(cluster, 5), Some.CaughtUp(5), Some.Gone(cluster, 6)]);
        var cli = new CliRun(engine) { IsInteractive = true, Answers = "dev/demo\ndev/demo/etcd\n" };

        var exitCode = await cli.RunAsync("delete", "cluster", "dev/demo");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Contain("cluster dev/demo is being deleted").And.Contain("dev/demo  Deleted").And.Contain("nothing is left");
    }

    [Fact]
    public async Task Delete_ForgetsTheHostKeysOfWhatGoes_AndNoOthers()
    {
        await using var engine = new FakeEngine { OnDelete = _ => s_deleting };
        await engine.ListenAsync();
        Directory.CreateDirectory(engine.Home.SshDirectory);
        string[] files = [.. new[] { "id_ed25519", "known_hosts.dev.demo.etcd-0", "known_hosts.dev.demo2.etcd-0" }.Select(f => Path.Combine(engine.Home.SshDirectory, f))];
        files.ToList().ForEach(f => File.WriteAllText(f, ""));
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("delete", "cluster", "dev/demo", "--yes", "--no-wait");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        files.Where(File.Exists).Should().Equal(files[0], files[2]);
    }

    [Fact]
    public async Task Delete_HoldsDataWithoutConsent_ExitsOneNamingWhatHoldsIt()
    {
        await using var engine = new FakeEngine { OnDelete = _ => throw FakeEngine.ConsentRefusal("dev/demo/etcd", "Pool dev/demo/etcd holds data.") };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("delete", "-f", Some.File(engine, Some.Quickstart), "--yes");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Contain("Pool dev/demo/etcd holds data.").And.Contain("--allow-data-loss dev/demo/etcd");
    }

    [Fact]
    public async Task Destroy_ConsentForAll_IsDelete()
    {
        await using var engine = new FakeEngine { OnDelete = _ => s_deleting };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("destroy", "-f", Some.File(engine, Some.Quickstart), "--yes", "--allow-data-loss", "all", "--no-wait");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        engine.Requests.OfType<DeleteRequest>().Single().AllowDataLoss.Should().Equal("all");
    }

    [Fact]
    public async Task Delete_WhatIsNotThere_SaysSoAndWaitsForNothing()
    {
        await using var engine = new FakeEngine
        {
            OnDelete = _ => new DeleteResponse { Documents = { new DocumentResult { Kind = "cluster", Key = "dev/demo", Action = DocumentResult.Types.Action.Absent } } },
        };
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("delete", "-f", Some.File(engine, Some.Quickstart), "--yes");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Be("cluster dev/demo is gone already\n");
        engine.Requests.OfType<ListRequest>().Should().BeEmpty();
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("delete", "cluster")]
    [InlineData("delete", "cluster", "demo", "--yes")]
    [InlineData("delete", "instance", "dev/demo/etcd-0", "--yes")]
    public async Task Delete_WrongUsage_ExitsTwo(params string[] args)
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync(args);

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().StartWith("tarmak: ");
    }
}
