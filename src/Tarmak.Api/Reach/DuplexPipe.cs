using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Tarmak.Api.Reach;

/// <summary>
/// Copies bytes both ways between two connections, through one bounded buffer a direction. The end of one direction
/// is passed on (half-close) while the other goes on; a silent pair, or one that lingers half-closed, is ended.
/// </summary>
public static class DuplexPipe
{
    private const int BufferSize = 32 * 1024;

    /// <summary>How long a pair may carry nothing; agents ping far more often.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(3);

    /// <summary>How long the second direction may last once the first has ended.</summary>
    public static readonly TimeSpan HalfClosedLimit = TimeSpan.FromSeconds(30);

    /// <summary>Copies until both directions ended, a connection broke or a limit passed. Both streams are then disposed.</summary>
    /// <param name="left">One connection.</param>
    /// <param name="right">The other one.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <returns>A task that never fails for a broken connection.</returns>
    public static async Task CopyAsync(Stream left, Stream right, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource idle = new(IdleLimit, clock);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        await using ConfiguredAsyncDisposable ownLeft = left.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ownRight = right.ConfigureAwait(false);

        Task<bool> there = CopyOneWayAsync(left, right, idle, ending.Token);
        Task<bool> back = CopyOneWayAsync(right, left, idle, ending.Token);
        Task<bool> first = await Task.WhenAny(there, back).ConfigureAwait(false);
        if (await first.ConfigureAwait(false))
        {
            ending.CancelAfter(HalfClosedLimit);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        else
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
    }

    /// <summary>Copies one direction; true where it ended in order.</summary>
    private static async Task<bool> CopyOneWayAsync(Stream from, Stream to, CancellationTokenSource idle, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                int read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    await EndSendingAsync(to).ConfigureAwait(false);
                    return true;
                }

                idle.CancelAfter(IdleLimit);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Whether an exception only says that a connection broke, was closed or was given up.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>True for what a peer can cause at any time.</returns>
    public static bool IsBroken(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException or InvalidOperationException { InnerException: SocketException };

    private static Task EndSendingAsync(Stream stream)
    {
        switch (stream)
        {
            case SslStream tls:
                return tls.ShutdownAsync();
            case NetworkStream network:
                network.Socket.Shutdown(SocketShutdown.Send);
                return Task.CompletedTask;
            default:
                return stream.DisposeAsync().AsTask();
        }
    }
}
