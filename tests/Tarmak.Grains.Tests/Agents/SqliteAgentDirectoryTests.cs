using System.Security.Cryptography;
using System.Text;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;

namespace Tarmak.Grains.Tests.Agents;

public sealed class SqliteAgentDirectoryTests : IDisposable
{
    private const string Uid = "uid-etcd-0";
    private static readonly DateTimeOffset Noon = Sample.Noon;
    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteAgentDirectory _directory;

    public SqliteAgentDirectoryTests()
    {
        _database = _home.Open();
        _directory = new SqliteAgentDirectory(_database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task UseEnrolment_RightSecret_EnrolsTheKey()
    {
        await OpenAsync("t1", "secret");

        var identity = await UseAsync("secret", "key");

        identity.Should().BeEquivalentTo(new AgentIdentity("dev/demo/etcd/0", Uid, "t1", "key", ["ssh-ed25519 AAAA"], Noon));
        (await _directory.FindAsync("key", Token)).Should().BeEquivalentTo(identity);
        (await _directory.FindByInstanceAsync(Uid, Token)).Should().BeEquivalentTo(identity);
    }

    [Fact]
    public async Task UseEnrolment_AgainWithTheSameKey_IsTheSameEnrolment()
    {
        await OpenAsync("t1", "secret");
        var first = await UseAsync("secret", "key");

        var second = await UseAsync("secret", "key", now: Noon.AddMinutes(1), sshHostKeys: ["other"]);

        second.Should().BeEquivalentTo(first);
    }

    [Fact]
    public async Task UseEnrolment_AgainWithAnotherKey_IsRefused()
    {
        await OpenAsync("t1", "secret");
        await UseAsync("secret", "key");

        (await UseAsync("secret", "thief")).Should().BeNull();
        (await _directory.FindAsync("thief", Token)).Should().BeNull();
        (await _directory.FindAsync("key", Token)).Should().NotBeNull();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task UseEnrolment_AroundExpiry_IsRefusedAfterIt(int ticksAfter, bool accepted)
    {
        await OpenAsync("t1", "secret");

        var identity = await UseAsync("secret", "key", now: Noon.AddHours(1).AddTicks(ticksAfter));

        (identity is not null).Should().Be(accepted);
    }

    [Theory]
    [InlineData(Uid, "wrong")]
    [InlineData("uid-other", "secret")]
    public async Task UseEnrolment_UnknownSecretOrInstance_IsRefused(string uid, string secret)
    {
        await OpenAsync("t1", "secret");

        (await _directory.UseEnrolmentAsync(uid, Hash(secret), "key", [], Noon, Token)).Should().BeNull();
    }

    [Fact]
    public async Task UseEnrolment_TwoKeysRace_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            await OpenAsync($"t{round}", $"secret{round}", $"uid{round}");

            var outcomes = await Task.WhenAll(
                Task.Run(() => UseAsync($"secret{round}", $"a{round}", uid: $"uid{round}"), Token),
                Task.Run(() => UseAsync($"secret{round}", $"b{round}", uid: $"uid{round}"), Token));

            outcomes.Count(identity => identity is not null).Should().Be(1);
            var winner = outcomes.Single(identity => identity is not null)!;
            (await _directory.FindByInstanceAsync($"uid{round}", Token))!.PublicKeyHash.Should().Be(winner.PublicKeyHash);
        }
    }

    [Fact]
    public async Task OpenEnrolment_AgainWithTheSameToken_ChangesNothing()
    {
        await OpenAsync("t1", "secret");

        await OpenAsync("t1", "another");

        (await UseAsync("another", "key")).Should().BeNull();
        (await UseAsync("secret", "key")).Should().NotBeNull();
    }

    [Fact]
    public async Task Find_NewerMachineEnrolled_OlderOneIsNoLongerKnown()
    {
        await OpenAsync("t1", "old");
        await UseAsync("old", "old-key");
        await OpenAsync("t2", "new");
        (await _directory.FindAsync("old-key", Token)).Should().NotBeNull("the newer machine has not enrolled yet");

        await UseAsync("new", "new-key");

        (await _directory.FindAsync("old-key", Token)).Should().BeNull();
        (await UseAsync("old", "old-key")).Should().BeNull();
        (await _directory.FindByInstanceAsync(Uid, Token))!.Token.Should().Be("t2");
    }

    [Fact]
    public async Task Runs_ToldTwiceAndMany_NewestTwentyOnceEach()
    {
        await OpenAsync("t1", "secret");
        await UseAsync("secret", "key");
        for (var n = 1; n <= 25; n++)
        {
            await _directory.RecordRunAsync("key", Run(n), Token);
            await _directory.RecordRunAsync("key", Run(n) with { Message = "told again" }, Token);
        }

        var runs = await _directory.RunsAsync(Uid, 100, Token);

        runs.Select(run => run.Number).Should().Equal(Enumerable.Range(6, 20).Reverse().Select(n => (long)n));
        runs[0].Should().BeEquivalentTo(Run(25));
        (await _directory.RunsAsync(Uid, 3, Token)).Should().HaveCount(3);
    }

    [Fact]
    public async Task Runs_OfAnAgentThatCountsFromOneAgain_TheLastReportedFirst()
    {
        await OpenAsync("t1", "secret");
        await UseAsync("secret", "key");
        for (var n = 1; n <= 25; n++)
        {
            await _directory.RecordRunAsync("key", Run(n), Token);
        }

        await _directory.RecordRunAsync("key", Run(1) with { Seconds = 2.5, Result = RunResult.Failed }, Token);
        await _directory.RecordRunAsync("key", Run(25) with { Seconds = 2.5 }, Token);

        var runs = await _directory.RunsAsync(Uid, 100, Token);

        runs.Should().HaveCount(SqliteAgentDirectory.RunsKept);
        runs.Take(3).Select(run => (run.Number, run.Seconds)).Should().Equal((25, 2.5), (1, 2.5), (25, 1.5));
    }

    [Fact]
    public async Task Runs_NewerMachineEnrolled_OnlyItsRuns()
    {
        await OpenAsync("t1", "old");
        await UseAsync("old", "old-key");
        await _directory.RecordRunAsync("old-key", Run(7), Token);
        await OpenAsync("t2", "new");
        await UseAsync("new", "new-key");

        (await _directory.RunsAsync(Uid, 10, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task RecordRun_UnknownAgent_IsDropped()
    {
        await OpenAsync("t1", "secret");
        await UseAsync("secret", "key");

        await _directory.RecordRunAsync("stranger", Run(1), Token);

        (await _directory.RunsAsync(Uid, 10, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Forget_Instance_NothingOfItIsKnown()
    {
        await OpenAsync("t1", "secret");
        await UseAsync("secret", "key");
        await _directory.RecordRunAsync("key", Run(1), Token);

        await _directory.ForgetAsync(Uid, Token);

        (await _directory.FindAsync("key", Token)).Should().BeNull();
        (await _directory.RunsAsync(Uid, 10, Token)).Should().BeEmpty();
        (await UseAsync("secret", "key")).Should().BeNull();
        (await _database.WriteAsync(session => session.Command("SELECT count(*) FROM configuration_runs").ExecuteScalar(), Token)).Should().Be(0L);
    }

    [Fact]
    public async Task Files_AfterEnrolment_HoldTheHashAndNotTheSecret()
    {
        const string Secret = "planted-4f1c9d";
        await OpenAsync("t1", Secret);
        await UseAsync(Secret, "key");

        var content = string.Concat(Directory.GetFiles(_home.Path).Select(ReadShared));

        content.Should().Contain(Hash(Secret)).And.NotContain(Secret);
    }

    private static string ReadShared(string file)
    {
        if (file.EndsWith(".lock", StringComparison.Ordinal))
        {
            return "";
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static ConfigurationRun Run(long number) => new(
        "bundle", number, RunResult.Changed, 40, 1.5, "all well", [new ResourceChange("Service[etcd]", false, "started")], Noon.AddSeconds(number));

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private Task OpenAsync(string token, string secret, string uid = Uid) =>
        _directory.OpenEnrolmentAsync(new OpenEnrolment("dev/demo/etcd/0", uid, token, Hash(secret), Noon.AddHours(1)), Token);

    private Task<AgentIdentity?> UseAsync(
        string secret, string key, DateTimeOffset? now = null, string[]? sshHostKeys = null, string uid = Uid) =>
        _directory.UseEnrolmentAsync(uid, Hash(secret), key, sshHostKeys ?? ["ssh-ed25519 AAAA"], now ?? Noon, Token);
}
