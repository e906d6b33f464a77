using System.Threading.Channels;
using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Follows the inventory until the goal is reached, over as many connections as it takes.</summary>
internal sealed class Follower
{
    /// <summary>How long the engine's process may be away before following ends; a restart takes less.</summary>
    public static readonly TimeSpan EngineAbsence = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private readonly TarmakClient _client;
    private readonly FollowState _state;
    private readonly IFollowView _view;
    private readonly PhaseHistory _history;
    private readonly TimeProvider _time;
    private readonly Func<bool> _engineRuns;

    /// <summary>Follows by a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="state">What is known; filled by this.</param>
    /// <param name="view">Shows it.</param>
    /// <param name="history">Keeps when which phase began; filled by this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="engineRuns">Whether the engine's process is there; asked when the connection is lost.</param>
    public Follower(TarmakClient client, FollowState state, IFollowView view, PhaseHistory history, TimeProvider time, Func<bool> engineRuns)
    {
        _client = client;
        _state = state;
        _view = view;
        _history = history;
        _time = time;
        _engineRuns = engineRuns;
    }

    /// <summary>Follows.</summary>
    /// <param name="timeout">The longest it may take.</param>
    /// <param name="cancellationToken">Ends following; the work goes on.</param>
    public Task<FollowVerdict> RunAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _view.ShowAsync(() => FollowAsync(timeout, cancellationToken));

    private async Task<FollowVerdict> FollowAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        var inbox = Channel.CreateUnbounded<Input>(new UnboundedChannelOptions { SingleReader = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = _state.Environments.Select(e => WatchAsync(e, inbox.Writer, ending.Token)).ToList();
        await using var timer = _time.CreateTimer(_ => inbox.Writer.TryWrite(new Input.Tick()), null, s_frame, s_frame);
        long? lostAt = null;
        try
        {
            await foreach (var input in inbox.Reader.ReadAllAsync(cancellationToken))
            {
                switch (input)
                {
                    case Input.Change(var environment, var change):
                        lostAt = null;
                        _view.Notice("");
                        Take(environment, change);
                        break;
                    case Input.Lost:
                        lostAt ??= _time.GetTimestamp();
                        _view.Notice("The engine does not answer; trying again.");
                        break;
                    case Input.Refused(var failure):
                        throw failure;
                    default:
                        _view.Tick();
                        break;
                }

                var verdict = _state.Decide(_time.GetUtcNow());
                if (verdict.Kind != FollowVerdictKind.Following)
                {
                    return verdict;
                }

                if (lostAt is { } lost && _time.GetElapsedTime(lost) > EngineAbsence && !_engineRuns())
                {
                    return new FollowVerdict(FollowVerdictKind.EngineGone, []);
                }

                if (_time.GetElapsedTime(begun) > timeout)
                {
                    return new FollowVerdict(FollowVerdictKind.TimedOut, _state.Waiting());
                }
            }

            return FollowVerdict.Following;
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(watches);
        }
    }

    private void Take(string environment, WatchResponse change)
    {
        var now = _time.GetUtcNow();
        if (_state.Observe(environment, change, now) is { } resource)
        {
            _history.Observe(resource, now);
            _view.Changed(resource);
        }
    }

    private async Task WatchAsync(string environment, ChannelWriter<Input> inbox, CancellationToken cancellationToken)
    {
        long revision = 0;
        var pause = s_shortestPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var call = _client.Watch(new ListRequest { Under = environment, AfterRevision = revision }, cancellationToken: cancellationToken);
                await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    revision = Math.Max(revision, change.Revision);
                    pause = s_shortestPause;
                    inbox.TryWrite(new Input.Change(environment, change));
                }

                inbox.TryWrite(new Input.Lost());
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException failure) when (RpcFailure.IsLostConnection(failure))
            {
                inbox.TryWrite(new Input.Lost());
            }
            catch (RpcException failure)
            {
                inbox.TryWrite(new Input.Refused(failure));
                return;
            }

            try
            {
                await Task.Delay(pause, _time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks));
        }
    }

    private abstract record Input
    {
        public sealed record Change(string Environment, WatchResponse Response) : Input;

        public sealed record Lost : Input;

        public sealed record Refused(RpcException Failure) : Input;

        public sealed record Tick : Input;
    }
}
