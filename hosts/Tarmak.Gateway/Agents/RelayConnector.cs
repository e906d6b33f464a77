using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Tarmak.Api.Reach;
using Tarmak.Grains.Identity;

namespace Tarmak.Gateway.Agents;

/// <summary>
/// Keeps idle tunnels open to one relay and joins each announced one with the agents' port. The relay is not trusted:
/// it is shown who we are, and carries agents' TLS it cannot read.
/// </summary>
public sealed partial class RelayConnector : IAsyncDisposable
{
    private readonly string _environment;
    private readonly string _host;
    private readonly int _port;
    private readonly EngineAuthority _authority;
    private readonly string _agentSocket;
    private readonly RelayConnectorOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private int _connected;

    /// <summary>Starts to connect.</summary>
    /// <param name="environment">Environment whose edge this is.</param>
    /// <param name="endpoint"><c>host:port</c> of the relay.</param>
    /// <param name="authority">Gives the certificate shown to the relay.</param>
    /// <param name="agentSocket">Path of the Unix socket on which the agents' contract is served.</param>
    /// <param name="options">The options.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">The log.</param>
    public RelayConnector(
        string environment, string endpoint, EngineAuthority authority, string agentSocket, RelayConnectorOptions options,
        TimeProvider clock, ILogger<RelayConnector> logger)
    {
        int colon = endpoint.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(endpoint.AsSpan(colon + 1), out _port))
        {
            throw new ArgumentException($"A relay's endpoint is host:port, not {endpoint}.", nameof(endpoint));
        }

        _environment = environment;
        _host = endpoint[..colon].Trim('[', ']');
        Endpoint = endpoint;
        _authority = authority;
        _agentSocket = agentSocket;
        _options = options;
        _clock = clock;
        _logger = logger;
        _work = Task.WhenAll(Enumerable.Range(0, options.IdleTunnels).Select(_ => Task.Run(() => KeepTunnelAsync(_stopping.Token))));
    }

    /// <summary>The relay.</summary>
    public string Endpoint { get; }

    /// <summary>Tunnels the relay has taken and that wait for agents.</summary>
    public int ConnectedTunnels => Volatile.Read(ref _connected);

    /// <summary>Closes all tunnels, agents' included.</summary>
    /// <returns>A task.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
    }

    private async Task KeepTunnelAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                SslStream tunnel = await DialAsync(cancellationToken).ConfigureAwait(false);
                (bool accepted, bool announced) = await WaitForAgentAsync(tunnel, cancellationToken).ConfigureAwait(false);
                failures = accepted ? 0 : failures;
                if (announced)
                {
                    _ = JoinAsync(tunnel, cancellationToken);
                    continue;
                }

                await tunnel.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (DuplexPipe.IsBroken(exception))
            {
                if (failures == 0 && !cancellationToken.IsCancellationRequested)
                {
                    LogUnreachable(_environment, Endpoint, exception.Message);
                }
            }
            catch (Exception exception)
            {
                // Whatever is wrong with one tunnel, the environment's agents must not be cut off for good.
                LogFailure(exception, _environment, Endpoint);
            }

            await DelayAsync(failures++, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SslStream> DialAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.DialLimit);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tunnel = null;
        try
        {
            await socket.ConnectAsync(_host, _port, deadline.Token).ConfigureAwait(false);
            tunnel = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tunnel.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "relay",
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowTlsResume = false,
                    ClientCertificateContext = SslStreamCertificateContext.Create(_authority.RelayClientCertificate, additionalCertificates: null, offline: true),
#pragma warning disable CA5359 // The relay's certificate lasts as long as its process and proves nothing: it needs no trust.
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
                },
                deadline.Token).ConfigureAwait(false);
            return tunnel;
        }
        catch
        {
            if (tunnel is not null)
            {
                await tunnel.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            throw;
        }
    }

    /// <summary>Answers pings until an agent is announced or the tunnel breaks.</summary>
    private async Task<(bool Accepted, bool Announced)> WaitForAgentAsync(SslStream tunnel, CancellationToken cancellationToken)
    {
        bool accepted = false;
        byte[] signal = new byte[1];
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (true)
            {
                silence.CancelAfter(TunnelSignals.SilenceLimit);
                if (await tunnel.ReadAsync(signal, silence.Token).ConfigureAwait(false) == 0)
                {
                    return (accepted, false);
                }

                if (!accepted)
                {
                    accepted = true;
                    if (Interlocked.Increment(ref _connected) == 1)
                    {
                        LogConnected(_environment, Endpoint);
                    }
                }

                await tunnel.WriteAsync(signal, silence.Token).ConfigureAwait(false);
                if (signal[0] == TunnelSignals.Announce)
                {
                    return (accepted, true);
                }
            }
        }
        catch (Exception exception) when (DuplexPipe.IsBroken(exception))
        {
            return (accepted, false);
        }
        finally
        {
            if (accepted)
            {
                Interlocked.Decrement(ref _connected);
            }
        }
    }

    private async Task JoinAsync(SslStream tunnel, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_agentSocket), cancellationToken).ConfigureAwait(false);
            await DuplexPipe.CopyAsync(tunnel, new NetworkStream(socket, ownsSocket: true), _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An agent dials again; the others' tunnels are not touched.
            LogFailure(exception, _environment, Endpoint);
            socket.Dispose();
            await tunnel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task DelayAsync(int failures, CancellationToken cancellationToken)
    {
        double longest = Math.Min(
            _options.LongestDelay.TotalMilliseconds, _options.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        // Jitter keeps the tunnels of a restarted relay from all dialling at once.
        TimeSpan delay = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
        try
        {
            await Task.Delay(delay, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the loop ends by itself.
        }
    }

    [LoggerMessage(4101, LogLevel.Information, "The relay of {Environment} at {Endpoint} is connected")]
    private partial void LogConnected(string environment, string endpoint);

    [LoggerMessage(4102, LogLevel.Warning, "The relay of {Environment} at {Endpoint} cannot be reached and is tried again: {Reason}")]
    private partial void LogUnreachable(string environment, string endpoint, string reason);

    [LoggerMessage(4103, LogLevel.Error, "A tunnel to the relay of {Environment} at {Endpoint} failed")]
    private partial void LogFailure(Exception exception, string environment, string endpoint);
}
