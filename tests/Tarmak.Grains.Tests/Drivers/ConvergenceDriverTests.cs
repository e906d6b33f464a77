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

    [Fact]
    public async Task Ensure_AgentThatEnrolledOnly_WaitsForItsReport()
    {
        await EnrolledAsync();

        (await WaitingAsync()).Should().Contain("has not reported");
    }

    [Fact]
    public async Task Ensure_AgentThatEnrolledAndDied_IsSilent()
    {
        await EnrolledAsync();
        _clock.Advance(JustSilent);

        (await WaitingAsync()).Should().Be("Its agent has been silent since 2026-01-02 12:00:00Z; look at tarmak logs.");
    }

    [Fact]
    public async Task Ensure_WithReportsOfAnotherBundleOnly_WaitsForOneOfThePresent()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Unchanged, new string('a', 64));
        await ReportAsync(RunResult.Unchanged, new string('a', 64));

        (await WaitingAsync()).Should().Contain("present bundle");
        (await ObservedAsync()).Exists.Should().BeFalse();
    }

    [Fact]
    public async Task Ensure_WhoseLastReportOfAnyBundleIsOld_IsSilent()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Unchanged, new string('a', 64));
        _clock.Advance(JustSilent);

        (await WaitingAsync()).Should().Contain("silent since");
    }

    [Fact]
    public async Task Ensure_AfterARunThatFailed_NamesTheResource()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Failed, null, new ResourceChange("File[/a]", false, "made"), new ResourceChange("Service[etcd]", true, "did not start"));

        (await WaitingAsync()).Should().Be("Run 1 failed at Service[etcd]: did not start");
        (await ObservedAsync()).InSync.Should().BeFalse();
    }

    [Fact]
    public async Task Ensure_AfterARunThatChangedSomething_WaitsForOneThatDoesNot()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Changed);

        (await WaitingAsync()).Should().Be("Run 1 changed something; the next one must change nothing.");
    }

    [Fact]
    public async Task Ensure_AfterOneUnchangedRun_WaitsForTheProof()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Unchanged);

        (await WaitingAsync()).Should().Contain("a second one proves it");
    }

    [Fact]
    public async Task Ensure_AfterTwoRunsTheNewestUnchanged_HasConverged()
    {
        await ConvergedAsync();

        var sight = (await _driver.EnsureAsync(Call, Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;

        sight.InSync.Should().BeTrue();
        ResourceJson.Read<ConvergenceOutputs>(sight.Outputs!).Should().Be(new ConvergenceOutputs(2, 2));
        (await ObservedAsync()).Should().Be(sight);
    }

    [Fact]
    public async Task Observe_OfAnAgentHeardInTime_IsInSync()
    {
        await ConvergedAsync();
        _clock.Advance(ConvergenceDriver.SilentAfter);

        (await ObservedAsync()).InSync.Should().BeTrue();
    }

    [Fact]
    public async Task Silence_OfAConvergedInstance_LastsUntilTheNextReport()
    {
        await ConvergedAsync();
        _clock.Advance(JustSilent);

        (await ObservedAsync()).Should().Match<Observation>(o => o.Exists && !o.InSync && o.Detail!.Contains("silent since"));
        (await WaitingAsync()).Should().Contain("silent since");

        await ReportAsync(RunResult.Unchanged);

        (await ObservedAsync()).InSync.Should().BeTrue();
        (await _driver.EnsureAsync(Call, Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>();
    }

    [Fact]
    public async Task Silence_AfterAFailedRun_IsToldBeforeTheFailure()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Failed);
        _clock.Advance(JustSilent);

        (await WaitingAsync()).Should().Contain("silent since");
        (await ObservedAsync()).Detail.Should().Contain("silent since");
    }

    [Fact]
    public async Task Ensure_OnceAnotherMachineTookThePlace_CountsItsReportsOnly()
    {
        await ConvergedAsync();
        await OpenAsync("token-2");

        (await WaitingAsync()).Should().Be("Its agent has not enrolled yet.");
        (await ObservedAsync()).Exists.Should().BeFalse();
    }

    [Fact]
    public async Task Delete_OfAnInstance_ForgetsItsAgent()
    {
        await ConvergedAsync();

        await _driver.DeleteAsync(Call, Spec, Token);

        (await _directory.FindAsync(Key, Token)).Should().BeNull();
        (await ObservedAsync()).Exists.Should().BeFalse();
    }

    private static TimeSpan JustSilent => ConvergenceDriver.SilentAfter + TimeSpan.FromTicks(1);

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

    private async Task EnrolledAsync()
    {
        await OpenAsync();
        await EnrolAsync();
    }

    private async Task ConvergedAsync()
    {
        await EnrolledAsync();
        await ReportAsync(RunResult.Changed);
        await ReportAsync(RunResult.Unchanged);
    }

    private async Task<Observation> ObservedAsync() =>
        (await _driver.ObserveAsync(Call, Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;

    private async Task<string> WaitingAsync() =>
        (await _driver.EnsureAsync(Call, Spec, Token)).Should().BeOfType<StepOutcome.InProgress>().Which.Detail;
}
