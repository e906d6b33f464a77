using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Agent.Trust;
using Tarmak.Api.Reach;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Identity;

namespace Tarmak.Agent.Tests.Trust;

public sealed class PinnedAuthorityTests : IAsyncLifetime
{
    private EngineAuthority _authority = null!;
    private EngineAuthority _foreign = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, CancellationToken.None);
        _foreign = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        _foreign.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Names_OfEngineAndAgent_AreTheSame()
    {
        AuthorityExtension.Oid.Should().Be(EngineNames.AuthorityExtension);
        AuthorityExtension.EngineName.Should().Be(EngineNames.Engine);
        AuthorityExtension.BundleSignerName.Should().Be(EngineNames.BundleSigner);
    }

    [Fact]
    public void RefuseServer_OfThePinnedAuthority_Trusts() =>
        new PinnedAuthority(_authority.Pin).RefuseServer(_authority.ServerCertificate).Should().BeNull();

    [Fact]
    public void RefuseServer_OfAnotherAuthority_Refuses() =>
        new PinnedAuthority(_authority.Pin).RefuseServer(_foreign.ServerCertificate).Should().Contain("not the pinned one");

    [Fact]
    public void RefuseServer_ThatOnlyCarriesThePinnedAuthority_Refuses()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=engine", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(AuthorityExtension.Create(_authority.CertificateDer.ToArray()));
        using X509Certificate2 impostor = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        new PinnedAuthority(_authority.Pin).RefuseServer(impostor).Should().NotBeNull();
    }

    [Fact]
    public void RefuseServer_ThatIsAnAgentOfTheSameAuthority_Refuses()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 agent = _authority.SignAgent(EngineUnderTest.SigningRequest(key).Span, "uid");

        PinnedAuthority pinned = new(_authority.Pin);

        pinned.RefuseServer(agent).Should().NotBeNull();
        pinned.RefuseBundleSigner(agent, _authority.CertificateDer.ToArray()).Should().NotBeNull();
    }

    [Fact]
    public void RefuseServer_ThatIsTheEnginesRelayCertificate_Refuses() =>
        new PinnedAuthority(_authority.Pin).RefuseServer(_authority.RelayClientCertificate).Should().NotBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("00")]
    public void IsPinned_WithAPinThatIsNone_IsFalse(string pin) =>
        new PinnedAuthority(pin).IsPinned(_authority.CertificateDer.ToArray()).Should().BeFalse();
}
