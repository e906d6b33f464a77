using Tarmak.Agent.Configuration;

namespace Tarmak.Agent.Tests.Configuration;

public sealed class PuppetTests : IDisposable
{
    /// <summary>As Puppet 7's report processor writes it.</summary>
    private const string Sample = """
        {"format":1,"status":"failed","bundle":"ab","startedAt":"2026-01-01T00:00:00.000Z","durationMs":2345,
         "resources":[
          {"type":"Package","title":"etcd-server","status":"unchanged","durationMs":1},
          {"type":"File","title":"/etc/etcd/k8s-main.env","status":"changed","durationMs":12,"message":"defined content as '{sha256}aa'"},
          {"type":"Service","title":"etcd-k8s-main","status":"failed","durationMs":812,"message":"change from 'stopped' to 'running' failed"},
          {"type":"Exec","title":"wait","status":"skipped","durationMs":0,"message":""}],
         "logs":[{"level":"warning","source":"Puppet","message":"deprecated"},{"level":"err","source":"/Stage[main]","message":"Systemd start failed"}]}
        """;

    private readonly AgentRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Report_AsPuppetWritesIt_IsRead()
    {
        PuppetReport report = ReadSample()!;

        report.Status.Should().Be("failed");
        report.Resources.Should().HaveCount(4);
        report.Resources[2].Title.Should().Be("etcd-k8s-main");
        report.Logs.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":")]
    [InlineData("")]
    public void Report_OfAnotherFormOrCutOff_IsNone(string text)
    {
        Write(text);

        PuppetReport.Read(_root.Paths.Report).Should().BeNull();
    }

    [Fact]
    public void Outcome_OfAFailedRun_NamesChangedAndFailedResourcesAndTheReason()
    {
        PuppetOutcome outcome = PuppetOutcome.From(6, ReadSample(), "tail");

        outcome.Result.Should().Be(RunResult.Failed);
        outcome.Resources.Select(resource => resource.Title).Should().Equal("/etc/etcd/k8s-main.env", "etcd-k8s-main");
        outcome.TotalResources.Should().Be(4);
        outcome.Message.Should().Be("Systemd start failed");
    }

    [Theory]
    [InlineData(0, "unchanged", "Unchanged")]
    [InlineData(2, "changed", "Changed")]
    [InlineData(0, "changed", "Changed")]
    [InlineData(4, "failed", "Failed")]
    [InlineData(1, "unchanged", "Failed")]
    [InlineData(0, "failed", "Failed")]
    public void Outcome_OfCodeAndStatus_IsTheWorseOfBoth(int code, string status, string result) =>
        PuppetOutcome.From(code, new PuppetReport { Format = 1, Status = status }, string.Empty).Result.ToString().Should().Be(result);

    [Fact]
    public void Outcome_WithoutReport_IsAFailureWithWhatPuppetSaid()
    {
        PuppetOutcome.From(0, null, string.Empty).Result.Should().Be(RunResult.Failed);
        PuppetOutcome.From(1, null, "no catalogue").Message.Should().Be("no catalogue");
    }

    [Fact]
    public async Task Apply_OfARunThatHangs_EndsItsWholeGroup()
    {
        string pidFile = Path.Combine(Path.GetDirectoryName(_root.PuppetProgram)!, "child");
        _root.InstallPuppet($$"""
            #!/bin/sh
            sleep 600 &
            echo $! > "{{pidFile}}.new"
            mv "{{pidFile}}.new" "{{pidFile}}"
            wait
            """);
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(pidFile)!);
        TaskCompletionSource started = new();
        watcher.Renamed += (_, change) =>
        {
            if (change.FullPath == pidFile)
            {
                started.TrySetResult();
            }
        };
        watcher.EnableRaisingEvents = true;

        using CancellationTokenSource stopping = new();
        Task<PuppetOutcome> run = new Puppet(_root.Paths, _root.PuppetProgram, TimeSpan.FromMinutes(1), _root.Log).ApplyAsync(stopping.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await stopping.CancelAsync();

        await run.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        string status = $"/proc/{File.ReadAllText(pidFile).Trim()}/status";
        (!File.Exists(status) || File.ReadAllText(status).Contains("Z (zombie)", StringComparison.Ordinal)).Should().BeTrue();
    }

    [Fact]
    public async Task Apply_OverItsTime_IsAFailure()
    {
        _root.InstallPuppet("#!/bin/sh\nexec sleep 600");

        PuppetOutcome outcome = await new Puppet(_root.Paths, _root.PuppetProgram, TimeSpan.FromMilliseconds(300), _root.Log)
            .ApplyAsync(TestContext.Current.CancellationToken);

        outcome.Result.Should().Be(RunResult.Failed);
        outcome.Message.Should().Contain("stopped after");
    }

    [Fact]
    public async Task Apply_WithoutACatalogue_ReportsStandardError()
    {
        _root.InstallPuppet("#!/bin/sh\nprintf '\\033[1;31mError: no catalogue\\033[0m\\n' >&2\nexit 1");

        PuppetOutcome outcome = await new Puppet(_root.Paths, _root.PuppetProgram, TimeSpan.FromMinutes(1), _root.Log)
            .ApplyAsync(TestContext.Current.CancellationToken);

        outcome.Message.Should().Be("Error: no catalogue");
    }

    [Fact]
    public async Task Apply_InEveryRun_GivesPuppetAnEmptyEnvironment()
    {
        _root.InstallPuppet("#!/bin/sh\nenv | sed 's/=.*//' | sort | tr '\\n' ' ' >&2\necho >&2\nexit 1");

        PuppetOutcome outcome = await new Puppet(_root.Paths, _root.PuppetProgram, TimeSpan.FromMinutes(1), _root.Log)
            .ApplyAsync(TestContext.Current.CancellationToken);

        outcome.Message.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(["PWD", "SHLVL", "_", "OLDPWD"])
            .Should().BeEquivalentTo(["HOME", "LANG", "LC_ALL", "PATH"]);
    }

    private PuppetReport? ReadSample()
    {
        Write(Sample);
        return PuppetReport.Read(_root.Paths.Report);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(_root.Paths.PuppetDirectory);
        File.WriteAllText(_root.Paths.Report, text);
    }
}
