using Tarmak.Grains.Identity;

namespace Tarmak.Gateway.Agents;

/// <summary>One connector for each environment's edge.</summary>
/// <param name="authority">Gives the certificate shown to relays.</param>
/// <param name="listener">Where agents' connections lead.</param>
/// <param name="options">The options.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes logs.</param>
public sealed class RelayConnectorPool(
    EngineAuthority authority, AgentListener listener, RelayConnectorOptions options, TimeProvider clock, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, RelayConnector> _connectors = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>
    /// Connects to the edges there are now: starts what is new, stops what is gone, and redials what has moved. Told the
    /// same again it changes nothing.
    /// </summary>
    /// <param name="edges">Relay endpoints (<c>host:port</c>) by environment.</param>
    /// <returns>A task that ends once the stopped ones have stopped.</returns>
    public async Task SetEdgesAsync(IReadOnlyDictionary<string, string> edges)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            string[] gone = [.. _connectors.Where(pair => edges.GetValueOrDefault(pair.Key) != pair.Value.Endpoint).Select(pair => pair.Key)];
            foreach (string environment in gone)
            {
                _connectors.Remove(environment, out RelayConnector? connector);
                await connector!.DisposeAsync().ConfigureAwait(false);
            }

            foreach ((string environment, string endpoint) in edges)
            {
                if (!_connectors.ContainsKey(environment))
                {
                    _connectors[environment] = new RelayConnector(
                        environment, endpoint, authority, listener.SocketPath, options, clock, loggers.CreateLogger<RelayConnector>());
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tunnels of an environment's edge that wait for agents; 0 where it is not connected.</summary>
    /// <param name="environment">Environment name.</param>
    /// <returns>The number.</returns>
    public async Task<int> ConnectedTunnelsAsync(string environment)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return _connectors.TryGetValue(environment, out RelayConnector? connector) ? connector.ConnectedTunnels : 0;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops all connectors.</summary>
    /// <returns>A task.</returns>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            foreach (RelayConnector connector in _connectors.Values)
            {
                await connector.DisposeAsync().ConfigureAwait(false);
            }

            _connectors.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }
}
