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
            (WatchResponse? last) =>
            {
                var attempt = request.Clone();
                attempt.AfterRevision = last?.Revision ?? 0;
                return client.Watch(attempt, cancellationToken: cancellationToken);
            },
            time,
            cancellationToken);

    /// <summary>Follows events.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">Whose.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends following.</param>
    public static IAsyncEnumerable<Event> EventsAsync(TarmakClient client, EventsRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        ResumeAsync(
            (Event? last) =>
            {
                var attempt = request.Clone();
                if (last is not null)
                {
                    // One revision may hold several events, and the stream may have ended between them.
                    (attempt.AfterRevision, attempt.AfterOrdinal) = (last.Revision, last.Ordinal);
                }

                return client.Events(attempt, cancellationToken: cancellationToken);
            },
            time,
            cancellationToken);

    private static async IAsyncEnumerable<T> ResumeAsync<T>(
        Func<T?, AsyncServerStreamingCall<T>> open,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? last = null;
        while (true)
        {
            using var call = open(last);
            while (await NextAsync(call, last is not null, cancellationToken))
            {
                last = call.ResponseStream.Current;
                yield return last;
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
