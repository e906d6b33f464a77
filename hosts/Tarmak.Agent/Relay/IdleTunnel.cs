using Tarmak.Api.Reach;

namespace Tarmak.Agent.Relay;

/// <summary>A tunnel to an engine that waits for an agent. One call at a time uses its stream.</summary>
/// <param name="stream">The connection.</param>
internal sealed class IdleTunnel(Stream stream) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly byte[] _byte = new byte[1];

    /// <summary>The connection; raw once <see cref="AnnounceAsync"/> has returned true.</summary>
    public Stream Stream => stream;

    /// <summary>Asks the engine whether it is there.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False where the tunnel is dead.</returns>
    public Task<bool> PingAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        ExchangeAsync(TunnelSignals.Ping, limit, cancellationToken);

    /// <summary>Tells the engine that an agent is there.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False where the tunnel is dead.</returns>
    public Task<bool> AnnounceAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        ExchangeAsync(TunnelSignals.Announce, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<bool> ExchangeAsync(byte signal, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await _turn.WaitAsync(deadline.Token).ConfigureAwait(false);
            try
            {
                _byte[0] = signal;
                await stream.WriteAsync(_byte, deadline.Token).ConfigureAwait(false);
                int read = await stream.ReadAsync(_byte, deadline.Token).ConfigureAwait(false);
                return read == 1 && _byte[0] == signal;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception) when (DuplexPipe.IsBroken(exception))
        {
            return false;
        }
    }
}
