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
            new RelayLimits { AgentWait = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, new AgentLog(TextWriter.Null));
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
        using Socket agent = new(SocketType.Stream, ProtocolType.Tcp);
        await agent.ConnectAsync(_relay.AgentEndPoint, Token);

        (await agent.ReceiveAsync(new byte[1], Token)).Should().Be(0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<char?> FirstByteAsync(X509Certificate2? certificate)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_relay.EngineEndPoint, Token);
        await using SslStream tunnel = new(new NetworkStream(socket));
        try
        {
            await tunnel.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "relay",
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
                },
                Token);
            byte[] signal = new byte[1];
            return await tunnel.ReadAsync(signal, Token) == 1 ? (char)signal[0] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
