using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Tarmak.Configuration.Certificates;
using EtcdCertificates = Tarmak.Model.Resources.EtcdCertificates;

namespace Tarmak.Configuration.Tests.Certificates;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly CertificateAuthority _authority;

    public CertificateAuthorityTests() => _authority = CertificateAuthority.Create("etcd dev/demo", _time);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Create_Always_MakesAnAuthorityForTwentyYears()
    {
        using var certificate = X509Certificate2.CreateFromPem(_authority.CertificatePem);

        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.Should().BeTrue();
        certificate.Subject.Should().Be("CN=etcd dev/demo");
        Start(certificate).Should().Be(Now - TimeSpan.FromMinutes(5));
        End(certificate).Should().Be(Now + TimeSpan.FromDays(20 * 365));
    }

    [Fact]
    public void Import_WhatWasExported_SignsAsBefore()
    {
        using var again = CertificateAuthority.Import(_authority.CertificatePem, _authority.ExportPrivateKeyPem(), _time);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var certificate = again.Sign(Request(key), Server());

        Chains(certificate).Should().BeTrue();
    }

    [Fact]
    public void Import_KeyOfAnother_Refuses()
    {
        using var other = CertificateAuthority.Create("other", _time);

        var import = () => CertificateAuthority.Import(_authority.CertificatePem, other.ExportPrivateKeyPem(), _time);

        import.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Sign_Server_CarriesTheProfileAndTheRequestsKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var certificate = _authority.Sign(Request(key), Server());

        Chains(certificate).Should().BeTrue();
        certificate.PublicKey.ExportSubjectPublicKeyInfo().Should().Equal(key.ExportSubjectPublicKeyInfo());
        certificate.Subject.Should().Be("CN=etcd-0");
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        names.EnumerateDnsNames().Should().Equal("etcd-0.demo.dev.tarmak.local");
        names.EnumerateIPAddresses().Should().Equal(IPAddress.Parse("10.99.32.20"));
        Purposes(certificate).Should().Equal("1.3.6.1.5.5.7.3.1");
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.Should().BeFalse();
        certificate.HasPrivateKey.Should().BeFalse();
    }

    [Fact]
    public void Sign_RequestAskingForOtherNames_IgnoresThem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admin, O=system:masters", key, HashAlgorithmName.SHA256);
        var wish = new SubjectAlternativeNameBuilder();
        wish.AddDnsName("vault.example.test");
        request.CertificateExtensions.Add(wish.Build());
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());

        using var certificate = _authority.Sign(request.CreateSigningRequest(), Server());

        certificate.Subject.Should().Be("CN=etcd-0");
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Should().Equal("etcd-0.demo.dev.tarmak.local");
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.Should().BeFalse();
    }

    [Fact]
    public void Sign_RequestForAKeyNotPossessed_Refuses()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stolen = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=x"), new PublicKey(stolen), HashAlgorithmName.SHA256);
        var forged = request.CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(own));

        var sign = () => _authority.Sign(forged, Server());

        sign.Should().Throw<InvalidSigningRequestException>();
    }

    [Fact]
    public void Sign_Garbage_Refuses()
    {
        var sign = () => _authority.Sign([1, 2, 3], Server());

        sign.Should().Throw<InvalidSigningRequestException>();
    }

    [Fact]
    public void Sign_WeakKey_Refuses()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();

        var sign = () => _authority.Sign(request, Server());

        sign.Should().Throw<InvalidSigningRequestException>();
    }

    [Fact]
    public void Sign_Component_LivesThirtyDaysFromNowAndAFewMinutesBefore()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _time.Advance(TimeSpan.FromDays(100));

        using var certificate = _authority.Sign(Request(key), Server());

        Start(certificate).Should().Be(Now.AddDays(100) - TimeSpan.FromMinutes(5));
        End(certificate).Should().Be(Now.AddDays(130));
    }

    [Fact]
    public void Sign_NearTheAuthoritysEnd_EndsWithIt()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _time.Advance(TimeSpan.FromDays((20 * 365) - 10));

        using var certificate = _authority.Sign(Request(key), Server());

        End(certificate).Should().Be(Now.AddDays(20 * 365));
    }

    [Fact]
    public void Sign_Twice_GivesTwoSerialNumbers()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(key);

        using var one = _authority.Sign(request, Server());
        using var other = _authority.Sign(request, Server());

        other.SerialNumber.Should().NotBe(one.SerialNumber);
    }

    [Fact]
    public void Issue_Administrator_GivesAKeyThatFitsAndAYear()
    {
        var issued = _authority.Issue(new CertificateProfile
        {
            CommonName = "admin",
            Usages = CertificateUsages.Client,
            Validity = CertificateValidity.Administrator,
        });

        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
        Chains(certificate).Should().BeTrue();
        End(certificate).Should().Be(Now.AddDays(365));
        Purposes(certificate).Should().Equal("1.3.6.1.5.5.7.3.2");
        issued.ToString().Should().NotContain("PRIVATE");
    }

    [Fact]
    public void For_EntitlementOfAPeer_BecomesItsProfile()
    {
        var entitlement = Specs.Etcd().Certificates.Single(certificate => certificate.Name == "etcd-peer");

        var profile = CertificateProfile.For(entitlement);

        profile.CommonName.Should().Be(EtcdCertificates.PeerCommonName);
        profile.Usages.Should().Be(CertificateUsages.Server | CertificateUsages.Client);
        profile.Addresses.Should().Equal(IPAddress.Parse("10.99.32.20"));
        profile.Validity.Should().Be(TimeSpan.FromDays(30));
    }

    private static CertificateProfile Server() => new()
    {
        CommonName = "etcd-0",
        Usages = CertificateUsages.Server,
        DnsNames = ["etcd-0.demo.dev.tarmak.local"],
        Addresses = [IPAddress.Parse("10.99.32.20")],
    };

    private static byte[] Request(ECDsa key) => new CertificateRequest("CN=ignored", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    private static IEnumerable<string?> Purposes(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(purpose => purpose.Value);

    private static DateTimeOffset Start(X509Certificate2 certificate) => certificate.NotBefore.ToUniversalTime();

    private static DateTimeOffset End(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime();

    private bool Chains(X509Certificate2 certificate)
    {
        using var root = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }
}
