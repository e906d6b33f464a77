using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;

namespace Tarmak.Cli.Tests;

public sealed class RecoverTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Recover_ReadsTheKeyFromItsFile_TellsWhatIsBackAndStartsTheEngine()
    {
        await using var engine = new FakeEngine();
        engine.OnRecover = _ => new RecoverResponse
        {
            Environments = { new RecoveredEnvironment { Name = "dev", ExportedAt = Noon.AddSeconds(-41).ToTimestamp(), Clusters = { "demo", "other" }, Objects = 43, Providers = { "laptop" } } },
        };
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Noon) };
        Directory.CreateDirectory(engine.Home.Directory);
        var key = Path.Combine(engine.Home.Directory, "key-of-before");
        await File.WriteAllTextAsync(key, "tarmak-recovery-1.secret\n", TestContext.Current.CancellationToken);

        var exitCode = await cli.RunAsync("recover", "dev", "--from", "minio", "--key-file", key, "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        var request = engine.Requests.OfType<RecoverRequest>().Single();
        request.RecoveryKey.Trim().Should().Be("tarmak-recovery-1.secret");
        request.From.Should().Be("minio");
        request.Environments.Should().Equal("dev");
        request.Files.Should().ContainSingle();
        cli.Out.Should().Contain("Environment dev is back as it was 41s ago (2026-01-02 11:59:19 UTC): demo, other; 43 objects at laptop are looked at now.");
        cli.Out.Should().Contain("Engine 0.1.0 started").And.NotContain("secret");
    }

    [Fact]
    public async Task Recover_EngineOfThisHomeRuns_IsRefused()
    {
        await using var engine = new FakeEngine();
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("recover", "dev", "--from", "minio", "--key-file", "-", "-f", Some.File(engine, Some.Quickstart));

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Contain("An engine of this home runs (process").And.Contain("tarmak down");
        engine.Requests.OfType<RecoverRequest>().Should().BeEmpty();
    }

    [Fact]
    public async Task RecoveryKey_ToAFile_IsItsOwnersAlone()
    {
        await using var engine = new FakeEngine();
        Directory.CreateDirectory(engine.Home.Directory);
        await File.WriteAllTextAsync(engine.Home.RecoveryKey, "the key\n", TestContext.Current.CancellationToken);
        var cli = new CliRun(engine);
        var file = Path.Combine(engine.Home.Directory, "copy");

        (await cli.RunAsync("recovery-key", "--out", file)).Should().Be(ExitCode.Done, cli.Error);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().Be("the key\n");
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        cli.Out.Should().NotContain("the key");
    }

    [Fact]
    public async Task RecoveryKey_OverAnotherFile_IsRefused()
    {
        await using var engine = new FakeEngine();
        Directory.CreateDirectory(engine.Home.Directory);
        await File.WriteAllTextAsync(engine.Home.RecoveryKey, "the key\n", TestContext.Current.CancellationToken);
        var file = Path.Combine(engine.Home.Directory, "copy");
        await File.WriteAllTextAsync(file, "the key of before\n", TestContext.Current.CancellationToken);
        var cli = new CliRun(engine);

        (await cli.RunAsync("recovery-key", "--out", file)).Should().Be(ExitCode.Failed);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().Be("the key of before\n");
        cli.Error.Should().Contain("holds something else").And.NotContain("the key of before\n");
    }

    [Fact]
    public async Task RecoveryKey_BeforeTheFirstStart_SaysWhatMakesIt()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        (await cli.RunAsync("recovery-key")).Should().Be(ExitCode.Failed);

        cli.Error.Should().Contain("There is no recovery key in").And.Contain("tarmak up");
    }
}
