using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Drivers;

/// <summary>What is said of an instance, from its first start to its end, on a real directory and a clock of our own.</summary>
public sealed class ConvergenceDriverTests : IDisposable
{
    private const string Instance = "dev/demo/etcd/0";
    private const string Uid = "uid-etcd-0";
    private const string Key = "key";
    private static readonly string Bundle = new('b', 64);
    private static readonly ConvergenceSpec Spec = new(Instance, Uid, "machine-1", Bundle);

    private readonly FakeTimeProvider _clock = new(Sample.Noon);
    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteAgentDirectory _directory;
    private readonly ConvergenceDriver _driver;
    private long _runs;

    public ConvergenceDriverTests()
    {
        _database = _home.Open();
        _directory = new SqliteAgentDirectory(_database);
        _driver = new ConvergenceDriver(_directory, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Ensure_AgentThatNeverEnrolled_SaysSo()
    {
        await OpenAsync();

        (await WaitingAsync()).Should().Be("Its agent has not enrolled yet.");
    }

    [Fact]
    public async Task Ensure_AfterAnOutageLongerThanTheSecretsValidity_LetsTheAgentEnrol()
    {
        await OpenAsync();
        _clock.Advance(FirstBootSecrets.Validity * 3);
        (await EnrolAsync()).Should().BeFalse("the secret has expired");

        await WaitingAsync();

        (await EnrolAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Ensure_WhileTheAgentIsAbsent_KeepsTheSecretValid()
    {
        await OpenAsync();
        for (var waited = TimeSpan.Zero; waited < FirstBootSecrets.Validity * 2; waited += TimeSpan.FromMinutes(20))
        {
            _clock.Advance(TimeSpan.FromMinutes(20));
            await WaitingAsync();
        }

        _clock.Advance(FirstBootSecrets.Validity - TimeSpan.FromHours(1));

        (await EnrolAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Ensure_OfASecretThatWasUsed_LeavesItsExpiry()
    {
        await OpenAsync();
        await EnrolAsync();
        _clock.Advance(FirstBootSecrets.Validity * 3);

        await WaitingAsync();

        (await EnrolAsync()).Should().BeFalse();
    }

    private static ResourceCall Call { get; } = new()
    {
        Marks = new OwnerMarks("installation", "dev", "demo", "uid-convergence", $"{Instance}#convergence/main"),
        Name = "etcd-0-convergence",
        Incarnation = 1,
        Token = "uid-convergence.ensure.1",
    };

    private Task OpenAsync(string token = "token") => _directory.OpenEnrolmentAsync(
        new OpenEnrolment(Instance, Uid, token, "hash", _clock.GetUtcNow() + FirstBootSecrets.Validity), Token);

    private async Task<bool> EnrolAsync(string key = Key) =>
        await _directory.UseEnrolmentAsync(Uid, "hash", key, [], _clock.GetUtcNow(), Token) is not null;

    private Task ReportAsync(RunResult result, string? bundle = null, params ResourceChange[] resources) => _directory.RecordRunAsync(
        Key, new ConfigurationRun(bundle ?? Bundle, ++_runs, result, 40, 1.5, null, resources, _clock.GetUtcNow()), Token);

    private async Task<string> WaitingAsync() =>
        (await _driver.EnsureAsync(Call, Spec, Token)).Should().BeOfType<StepOutcome.InProgress>().Which.Detail;
}
