using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Tarmak.Cli.Engine;

/// <summary>Streams that go on where they were after the connection was lost.</summary>
internal static class Resuming
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches the inventory.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">What to watch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends watching.</param>
    public static IAsyncEnumerable<WatchResponse> WatchAsync(TarmakClient client, ListRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        ResumeAsync(
            revision =>
            {
                var attempt = request.Clone();
                attempt.AfterRevision = revision;
                return client.Watch(attempt, cancellationToken: cancellationToken);
            },
            static change => change.Revision,
            time,
            cancellationToken);

    /// <summary>Follows events.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">Whose.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends following.</param>
    public static IAsyncEnumerable<Event> EventsAsync(TarmakClient client, EventsRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        ResumeAsync(
            revision =>
            {
                var attempt = request.Clone();
                attempt.AfterRevision = revision;
                return client.Events(attempt, cancellationToken: cancellationToken);
            },
            static e => e.Revision,
            time,
            cancellationToken);

    private static async IAsyncEnumerable<T> ResumeAsync<T>(
        Func<long, AsyncServerStreamingCall<T>> open,
        Func<T, long> revisionOf,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long revision = 0;
        var answered = false;
        while (true)
        {
            using var call = open(revision);
            while (await NextAsync(call, answered, cancellationToken))
            {
                answered = true;
                revision = Math.Max(revision, revisionOf(call.ResponseStream.Current));
                yield return call.ResponseStream.Current;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    // The first failure is the user's to know; once the stream has spoken, a lost connection is only an interruption.
    private static async Task<bool> NextAsync<T>(AsyncServerStreamingCall<T> call, bool answered, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellationToken);
        }
        catch (RpcException failure) when (answered && !cancellationToken.IsCancellationRequested && RpcFailure.IsLostConnection(failure))
        {
            return false;
        }
    }
}
