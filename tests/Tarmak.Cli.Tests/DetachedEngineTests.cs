using Grpc.Core;
using Tarmak.Cli.Engine;

namespace Tarmak.Cli.Tests;

public sealed class DetachedEngineTests : IDisposable
{
    private readonly EngineHome _home = new(Directory.CreateTempSubdirectory("tarmak-").FullName);

    [Fact]
    public async Task Start_EngineDiesAtOnce_FailsWithItsLastSentence()
    {
        var engine = new DetachedEngine(_home, () => Script("echo starting; echo 'Port 8443 is taken; 8444 is free.' >&2; exit 1"), TimeProvider.System);

        var act = () => engine.StartAsync(TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<CliException>()).Which.Message.Should().Be("Port 8443 is taken; 8444 is free.");
        File.Exists(_home.SshKey + ".pub").Should().BeTrue();
        File.GetUnixFileMode(_home.SshKey).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Start_EngineDiesWithATrace_FailsWithTheSentenceAboveIt()
    {
        var engine = new DetachedEngine(
            _home,
            () => Script("printf '%s\\n' 'Unhandled exception. The table is gone.' '   at Tarmak.Engine.Program.Main()' '   --- End of inner exception stack trace ---' '   at Other()' >&2; exit 134"),
            TimeProvider.System);

        var act = () => engine.StartAsync(TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<CliException>()).Which.Message.Should().Be("Unhandled exception. The table is gone.");
    }

    [Fact]
    public async Task Start_ProgramCannotRun_FailsWithOneSentence()
    {
        var engine = new DetachedEngine(_home, () => "/etc/hostname", TimeProvider.System);

        var act = () => engine.StartAsync(TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<CliException>()).Which.Message.Should().Contain("could not be started");
    }

    [Fact]
    public async Task Plan_ProgramFails_FailsWithItsLastSentence()
    {
        var engine = new DetachedEngine(_home, () => Script("cat >/dev/null; echo 'The database is damaged.' >&2; exit 1"), TimeProvider.System);

        var act = () => engine.PlanAsync(new PlanRequest { Files = { new ManifestFile { Name = "a" } } }, TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<CliException>()).Which.Message.Should().Be("The database is damaged.");
    }

    [Fact]
    public async Task Plan_ProgramRefuses_FailsAsACallWould()
    {
        var refusal = FakeEngine.Refusal(StatusCode.InvalidArgument, "a.yaml:1:1: wrong").Trailers.GetValueBytes("grpc-status-details-bin")!;
        await File.WriteAllBytesAsync(Path.Combine(_home.Directory, "refusal"), refusal, TestContext.Current.CancellationToken);
        var engine = new DetachedEngine(_home, () => Script($"cat >/dev/null; cat {_home.Directory}/refusal; exit 2"), TimeProvider.System);

        var act = () => engine.PlanAsync(new PlanRequest(), TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Should().Be(new Status(StatusCode.InvalidArgument, "a.yaml:1:1: wrong"));
    }

    [Fact]
    public async Task Stop_StaleProcessId_KillsNobody()
    {
        await File.WriteAllTextAsync(_home.PidFile, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        var engine = new DetachedEngine(_home, () => "", TimeProvider.System);

        var stopped = await engine.StopAsync(TestContext.Current.CancellationToken);

        stopped.Should().BeFalse();
    }

    [Fact]
    public async Task Stop_EngineHoldsItsLock_EndsIt()
    {
        // The lock is held by this test; the process whose end is asked for names the home in its command line.
        await using var held = new FileStream(_home.LockFile, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "read line", "--home", _home.Directory]) { RedirectStandardInput = true })!;
        await File.WriteAllTextAsync(_home.PidFile, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        var engine = new DetachedEngine(_home, () => "", TimeProvider.System);

        var stopped = await engine.StopAsync(TestContext.Current.CancellationToken);

        stopped.Should().BeTrue();
        process.WaitForExit(TimeSpan.FromSeconds(10)).Should().BeTrue();
    }

    public void Dispose() => Directory.Delete(_home.Directory, recursive: true);

    private string Script(string body)
    {
        var path = Path.Combine(_home.Directory, "fake-engine");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
