using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;

namespace Tarmak.Grains.Tests.Agents;

public sealed class SilenceWatcherTests : IAsyncLifetime
{
    private readonly Clock _clock = new();
    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteAgentDirectory _directory;
    private readonly Hints _hints = new();
    private readonly SilenceWatcher _watcher;

    public SilenceWatcherTests()
    {
        _database = _home.Open();
        _directory = new SqliteAgentDirectory(_database);
        _watcher = new SilenceWatcher(_directory, _hints, _clock, NullLogger<SilenceWatcher>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _watcher.StopAsync(CancellationToken.None);
        _watcher.Dispose();
        await _database.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Watcher_WithAgentsThatFellSilent_WakesTheirConvergencesOnly()
    {
        await EnrolAsync("dev/demo/etcd/0");
        await EnrolAsync("dev/demo/etcd/1");
        await _directory.OpenEnrolmentAsync(new OpenEnrolment("dev/demo/etcd/2", "uid:dev/demo/etcd/2", "t2", "h", Sample.Noon), Token);
        await _watcher.StartAsync(Token);
        await _clock.Waited;
        _clock.Advance(ConvergenceDriver.SilentAfter - SilenceWatcher.Cadence);
        await ReportAsync("dev/demo/etcd/1");

        _clock.Advance(SilenceWatcher.Cadence);
        _clock.Advance(SilenceWatcher.Cadence);

        (await _hints.NextAsync(Token)).Should().Be("dev/demo/etcd/0");
        (await _directory.SilentAsync(_clock.GetUtcNow() - ConvergenceDriver.SilentAfter, Token)).Should().Equal("dev/demo/etcd/0");
    }

    [Fact]
    public async Task Watcher_OfAnEngineThatWasAway_GivesAgentsTimeToReport()
    {
        await EnrolAsync("dev/demo/etcd/0");
        await EnrolAsync("dev/demo/etcd/1");
        _clock.Advance(ConvergenceDriver.SilentAfter * 10);
        await _watcher.StartAsync(Token);
        await _clock.Waited;
        await ReportAsync("dev/demo/etcd/0");

        _clock.Advance(SilenceWatcher.Cadence);

        (await _hints.NextAsync(Token)).Should().Be("dev/demo/etcd/1");
    }

    [Fact]
    public async Task Silent_WithANewerMachineThatHasNotEnrolled_LeavesItToWhoWaitsForIt()
    {
        await EnrolAsync("dev/demo/etcd/0");
        await _directory.OpenEnrolmentAsync(
            new OpenEnrolment("dev/demo/etcd/0", "uid:dev/demo/etcd/0", "newer", "h", Sample.Noon.AddDays(1)), Token);

        (await _directory.SilentAsync(Sample.Noon.AddDays(1), Token)).Should().BeEmpty();
    }

    private async Task EnrolAsync(string instance)
    {
        await _directory.OpenEnrolmentAsync(new OpenEnrolment(instance, $"uid:{instance}", $"token:{instance}", "hash", _clock.GetUtcNow()), Token);
        await _directory.UseEnrolmentAsync($"uid:{instance}", "hash", $"key:{instance}", [], _clock.GetUtcNow(), Token);
    }

    private Task ReportAsync(string instance) => _directory.RecordRunAsync(
        $"key:{instance}", new ConfigurationRun("bundle", 1, RunResult.Unchanged, 40, 1.5, null, [], _clock.GetUtcNow()), Token);

    /// <summary>A clock that knows whether anybody waits for it.</summary>
    private sealed class Clock() : FakeTimeProvider(Sample.Noon)
    {
        private readonly TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waited => _waited.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waited.TrySetResult();
            return timer;
        }
    }

    private sealed class Hints : IConvergenceHints
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public void Nudge(string instance) => _told.Writer.TryWrite(instance);

        public async Task<string> NextAsync(CancellationToken cancellationToken) => await _told.Reader.ReadAsync(cancellationToken);
    }
}
