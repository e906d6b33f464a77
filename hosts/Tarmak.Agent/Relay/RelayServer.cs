using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Api.Reach;

namespace Tarmak.Agent.Relay;

/// <summary>
/// Joins agents that dial in with engines that dial in. Agents' TLS goes through it end to end: it sees no plain text
/// and needs no trust. Engines must show a certificate of the authority, so that nobody else can receive agents.
/// </summary>
/// <param name="settings">Where it listens and whom it takes for the engine.</param>
/// <param name="limits">What it bears.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The journal.</param>
internal sealed class RelayServer(RelaySettings settings, RelayLimits limits, TimeProvider clock, AgentLog log) : IDisposable
{
    private readonly TunnelPool _tunnels = new(limits);
    private readonly SourceLimit _handshakes = new(limits.Handshakes, limits.HandshakesOfOneAddress);
    private readonly SourceLimit _pairs = new(limits.Pairs, limits.PairsOfOneAddress);
    private readonly TcpListener _engines = new(IPEndPoint.Parse(settings.EngineListen));
    private readonly TcpListener _agents = new(IPEndPoint.Parse(settings.AgentListen));

    /// <summary>Where engines dial, once started.</summary>
    public IPEndPoint EngineEndPoint => (IPEndPoint)_engines.LocalEndpoint;

    /// <summary>Where agents dial, once started.</summary>
    public IPEndPoint AgentEndPoint => (IPEndPoint)_agents.LocalEndpoint;

    /// <summary>Idle tunnels at hand.</summary>
    public int IdleTunnels => _tunnels.Count;

    /// <summary>Begins to listen.</summary>
    public void Start()
    {
        _engines.Start(128);
        _agents.Start(512);
        log.Info("The relay listens.", ("engines", EngineEndPoint), ("agents", AgentEndPoint));
    }

    /// <summary>Serves until cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task.</returns>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(settings.AuthorityCertificate);
        using X509Certificate2 own = CreateOwnCertificate(clock);
        EngineCertificate engineCertificate = new(authority);
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true),
            ClientCertificateRequired = true,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => engineCertificate.Accept(certificate),
        };
        try
        {
            await Task.WhenAll(
                AcceptAsync(_engines, client => ServeEngineAsync(client, options, cancellationToken), cancellationToken),
                AcceptAsync(_agents, client => ServeAgentAsync(client, cancellationToken), cancellationToken),
                SweepAsync(cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.Info("The relay stops.");
        }
        finally
        {
            _engines.Stop();
            _agents.Stop();
            await _tunnels.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engines.Dispose();
        _agents.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, Func<Socket, Task> serve, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                // Too many open files, or a client that left before it was accepted: others must still be served.
                log.Warning("A connection could not be accepted.", ("error", exception.SocketErrorCode));
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            client.NoDelay = true;
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            _ = GuardAsync(serve, client);
        }
    }

    private async Task GuardAsync(Func<Socket, Task> serve, Socket client)
    {
        try
        {
            await serve(client).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // One connection's failure must not end the others.
            log.Warning("A connection ended badly.", ("error", exception.Message));
        }
    }

    private async Task ServeEngineAsync(Socket client, SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        IPAddress source = Source(client);
        if (!_handshakes.TryEnter(source))
        {
            client.Dispose();
            return;
        }

        SslStream stream = new(new NetworkStream(client, ownsSocket: true));
        try
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(limits.HandshakeLimit);
            await stream.AuthenticateAsServerAsync(options, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (DuplexPipe.IsBroken(exception))
        {
            log.Warning("An engine connection was refused.", ("reason", exception.Message));
            await stream.DisposeAsync().ConfigureAwait(false);
            return;
        }
        finally
        {
            _handshakes.Leave(source);
        }

        // The first ping tells the engine that it was accepted: with TLS 1.3 the handshake alone does not.
        IdleTunnel tunnel = new(stream);
        if (!await tunnel.PingAsync(limits.PingLimit, cancellationToken).ConfigureAwait(false))
        {
            await tunnel.DisposeAsync().ConfigureAwait(false);
            return;
        }

        if (_tunnels.Add(tunnel) is { } surplus)
        {
            await surplus.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ServeAgentAsync(Socket client, CancellationToken cancellationToken)
    {
        IPAddress source = Source(client);
        if (!_pairs.TryEnter(source))
        {
            log.Warning("Too many connections of agents; one was turned away.", ("source", source));
            client.Dispose();
            return;
        }

        try
        {
            NetworkStream agent = new(client, ownsSocket: true);
            if (!await SpeaksAsync(client, cancellationToken).ConfigureAwait(false))
            {
                await agent.DisposeAsync().ConfigureAwait(false);
                return;
            }

            if (await TakeAliveAsync(cancellationToken).ConfigureAwait(false) is not { } tunnel)
            {
                log.Warning("No engine is connected; an agent was turned away.");
                await agent.DisposeAsync().ConfigureAwait(false);
                return;
            }

            await DuplexPipe.CopyAsync(agent, tunnel.Stream, clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _pairs.Leave(source);
        }
    }

    private static IPAddress Source(Socket client) => ((IPEndPoint)client.RemoteEndPoint!).Address;

    /// <summary>Whether an agent begins to speak. Tunnels are few: whoever only connects gets none.</summary>
    private async Task<bool> SpeaksAsync(Socket agent, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limits.HelloLimit);
        try
        {
            return await agent.ReceiveAsync(new byte[1], SocketFlags.Peek, deadline.Token).ConfigureAwait(false) > 0;
        }
        catch (Exception exception) when (DuplexPipe.IsBroken(exception))
        {
            return false;
        }
    }

    /// <summary>A tunnel whose engine has answered, or null once the agent has waited long enough.</summary>
    private async Task<IdleTunnel?> TakeAliveAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limits.AgentWait);
        while (await _tunnels.TakeAsync(patience.Token).ConfigureAwait(false) is { } tunnel)
        {
            if (await tunnel.AnnounceAsync(limits.AnnounceLimit, patience.Token).ConfigureAwait(false))
            {
                return tunnel;
            }

            await tunnel.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TunnelSignals.PingInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            int dead = await _tunnels.SweepAsync(cancellationToken).ConfigureAwait(false);
            if (dead > 0)
            {
                log.Info("Dead tunnels were closed.", ("count", dead));
            }
        }
    }

    /// <summary>TLS wants the relay to have a certificate; nobody trusts it, so it lasts as long as the process.</summary>
    private static X509Certificate2 CreateOwnCertificate(TimeProvider clock)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=relay", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }
}
