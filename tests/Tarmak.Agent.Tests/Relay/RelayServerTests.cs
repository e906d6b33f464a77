using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Agent.Relay;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Identity;

namespace Tarmak.Agent.Tests.Relay;

public sealed class RelayServerTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private EngineAuthority _authority = null!;
    private RelayServer _relay = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _authority = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, CancellationToken.None);
        _relay = new RelayServer(
            new RelaySettings("127.0.0.1:0", "127.0.0.1:0", _authority.CertificatePem),
            new RelayLimits { AgentWait = TimeSpan.FromMilliseconds(200), HelloLimit = TimeSpan.FromMinutes(10), PairsOfOneAddress = 2, HandshakesOfOneAddress = 2 }, TimeProvider.System, new AgentLog(TextWriter.Null));
        _relay.Start();
        _running = _relay.RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _relay.Dispose();
        _authority.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Engine_WithItsAuthoritysCertificate_IsPinged()
    {
        (await FirstByteAsync(_authority.RelayClientCertificate)).Should().Be('P');
    }

    [Fact]
    public async Task Engine_WithoutCertificate_IsRefused()
    {
        (await FirstByteAsync(null)).Should().BeNull();
        _relay.IdleTunnels.Should().Be(0);
    }

    [Fact]
    public async Task Engine_OfAnotherAuthority_IsRefused()
    {
        using EngineAuthority foreign = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, Token);

        (await FirstByteAsync(foreign.RelayClientCertificate)).Should().BeNull();
        _relay.IdleTunnels.Should().Be(0);
    }

    [Fact]
    public async Task Agent_WithItsOwnCertificate_CannotPoseAsTheEngine()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = _authority.SignAgent(EngineUnderTest.SigningRequest(key).Span, "uid");
        using X509Certificate2 identity = signed.CopyWithPrivateKey(key);

        (await FirstByteAsync(identity)).Should().BeNull();
    }

    [Fact]
    public async Task Agent_WithNoEngineConnected_IsTurnedAway()
    {
        using Socket agent = await AgentAsync();
        await agent.SendAsync(new byte[] { 1 }, Token);

        (await EndsAsync(agent)).Should().BeTrue();
    }

    [Fact]
    public async Task Agent_ThatSaysNothing_TakesNoTunnel()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await using SslStream tunnel = await DialAsync(socket, _authority.RelayClientCertificate);
        byte[] signal = new byte[1];
        await tunnel.ReadExactlyAsync(signal, Token);
        await tunnel.WriteAsync(signal, Token);
        using Socket silent = await AgentAsync();
        using Socket speaking = await AgentAsync();

        await speaking.SendAsync(new byte[] { 7 }, Token);

        await tunnel.ReadExactlyAsync(signal, Token);
        signal.Should().Equal((byte)'A');
        await tunnel.WriteAsync(signal, Token);
        await tunnel.ReadExactlyAsync(signal, Token);
        signal.Should().Equal(7);
    }

    [Fact]
    public async Task Agents_OfOneAddressBeyondItsShare_AreTurnedAwayAndOthersServed()
    {
        using Socket first = await AgentAsync();
        using Socket second = await AgentAsync();
        using Socket third = await AgentAsync();

        (await EndsAsync(third)).Should().BeTrue();

        using Socket other = await AgentAsync("127.0.0.2");
        using Socket another = await AgentAsync("127.0.0.2");
        using Socket last = await AgentAsync("127.0.0.2");
        (await EndsAsync(last)).Should().BeTrue("the two before it were taken");
    }

    [Fact]
    public async Task Engines_OfOneAddressBeyondItsShare_AreTurnedAway()
    {
        using Socket first = new(SocketType.Stream, ProtocolType.Tcp);
        using Socket second = new(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(_relay.EngineEndPoint, Token);
        await second.ConnectAsync(_relay.EngineEndPoint, Token);

        (await FirstByteAsync(_authority.RelayClientCertificate)).Should().BeNull();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<Socket> AgentAsync(string from = "127.0.0.1")
    {
        Socket agent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        agent.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await agent.ConnectAsync(_relay.AgentEndPoint, Token);
        return agent;
    }

    private static async Task<bool> EndsAsync(Socket agent)
    {
        try
        {
            return await agent.ReceiveAsync(new byte[1], Token) == 0;
        }
        catch (SocketException)
        {
            // What was sent and not read makes the end a reset.
            return true;
        }
    }

    private async Task<SslStream> DialAsync(Socket socket, X509Certificate2? certificate)
    {
        await socket.ConnectAsync(_relay.EngineEndPoint, Token);
        SslStream tunnel = new(new NetworkStream(socket));
        await tunnel.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "relay",
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
            Token);
        return tunnel;
    }

    private async Task<char?> FirstByteAsync(X509Certificate2? certificate)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await using SslStream tunnel = await DialAsync(socket, certificate);
            byte[] signal = new byte[1];
            return await tunnel.ReadAsync(signal, Token) == 1 ? (char)signal[0] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
