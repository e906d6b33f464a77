using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SigningRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Tarmak.Configuration.Certificates;

/// <summary>A certificate authority: ECDSA P-256, one level, all names by profile.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private const int SerialNumberLength = 16;

    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, ECDsa key, TimeProvider time)
    {
        _certificate = certificate;
        _key = key;
        _time = time;
    }

    /// <summary>The authority's certificate, DER.</summary>
    public ReadOnlyMemory<byte> CertificateDer => _certificate.RawDataMemory;

    /// <summary>The authority's certificate, PEM.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Makes a new authority.</summary>
    /// <param name="commonName">Its subject's common name.</param>
    /// <param name="time">The clock.</param>
    public static CertificateAuthority Create(string commonName, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(commonName);
        ArgumentNullException.ThrowIfNull(time);

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var request = new SigningRequest(Subject(commonName, organization: null), key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            var now = time.GetUtcNow();
            var certificate = request.Create(
                request.SubjectName,
                X509SignatureGenerator.CreateForECDsa(key),
                now - CertificateValidity.Backdating,
                now + CertificateValidity.Authority,
                NewSerialNumber());
            return new CertificateAuthority(certificate, key, time);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Takes up an authority again.</summary>
    /// <param name="certificatePem">Its certificate.</param>
    /// <param name="privateKeyPem">Its key, PKCS#8.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static CertificateAuthority Import(string certificatePem, string privateKeyPem, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);

        var certificate = X509Certificate2.CreateFromPem(certificatePem);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(privateKeyPem);
            if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
            {
                throw new ArgumentException("The key does not belong to the authority's certificate.", nameof(privateKeyPem));
            }

            return new CertificateAuthority(certificate, key, time);
        }
        catch
        {
            key.Dispose();
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>The authority's key, PKCS#8 PEM: a secret, for the secret store and nothing else.</summary>
    public string ExportPrivateKeyPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>
    /// Signs what an instance asked for. The request gives the key and proves its possession; every name in it is ignored.
    /// </summary>
    /// <param name="signingRequest">PKCS#10, DER.</param>
    /// <param name="profile">What the certificate says.</param>
    /// <returns>The certificate, without a key.</returns>
    /// <exception cref="InvalidSigningRequestException">The request is malformed, not signed by its key, or its key is too weak.</exception>
    public X509Certificate2 Sign(ReadOnlySpan<byte> signingRequest, CertificateProfile profile) =>
        Sign(PublicKeyOf(signingRequest), profile);

    /// <summary>Makes a key and its certificate in one, for an operator who has no instance.</summary>
    /// <param name="profile">What the certificate says.</param>
    public IssuedCertificate Issue(CertificateProfile profile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(new PublicKey(key), profile);
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    private static PublicKey PublicKeyOf(ReadOnlySpan<byte> signingRequest)
    {
        try
        {
            // Loading verifies the request's own signature and drops the extensions it asks for.
            var request = SigningRequest.LoadSigningRequest(signingRequest, HashAlgorithmName.SHA256, out var read);
            if (read != signingRequest.Length)
            {
                throw new InvalidSigningRequestException("Something follows the certificate signing request.");
            }

            return IsStrong(request.PublicKey)
                ? request.PublicKey
                : throw new InvalidSigningRequestException("The key to be certified is neither ECDSA on a NIST curve nor RSA of 2048 bits or more.");
        }
        catch (CryptographicException exception)
        {
            throw new InvalidSigningRequestException("The certificate signing request is malformed or not signed by its own key.", exception);
        }
    }

    private static bool IsStrong(PublicKey publicKey)
    {
        using var ecdsa = publicKey.GetECDsaPublicKey();
        using var rsa = publicKey.GetRSAPublicKey();
        return ecdsa is { KeySize: >= 256 } || rsa is { KeySize: >= 2048 };
    }

    private X509Certificate2 Sign(PublicKey publicKey, CertificateProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(profile.Validity, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfEqual(profile.Usages, CertificateUsages.None);

        var request = new SigningRequest(Subject(profile.CommonName, profile.Organization), publicKey, HashAlgorithmName.SHA256);
        foreach (var extension in Extensions(publicKey, profile))
        {
            request.CertificateExtensions.Add(extension);
        }

        var now = _time.GetUtcNow();
        var end = now + profile.Validity;
        return request.Create(
            _certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            Latest(now - CertificateValidity.Backdating, _certificate.NotBefore),
            Earliest(end, _certificate.NotAfter),
            NewSerialNumber());
    }

    private IEnumerable<X509Extension> Extensions(PublicKey publicKey, CertificateProfile profile)
    {
        yield return X509BasicConstraintsExtension.CreateForEndEntity(critical: true);
        yield return new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true);
        yield return new X509EnhancedKeyUsageExtension(Purposes(profile.Usages), critical: false);
        yield return new X509SubjectKeyIdentifierExtension(publicKey, critical: false);
        yield return X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        if (!profile.DnsNames.IsEmpty || !profile.Addresses.IsEmpty)
        {
            yield return AlternativeNames(profile);
        }

        foreach (var extension in profile.Extensions)
        {
            yield return extension;
        }
    }

    private static X509Extension AlternativeNames(CertificateProfile profile)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in profile.DnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (var address in profile.Addresses)
        {
            names.AddIpAddress(address);
        }

        return names.Build();
    }

    private static OidCollection Purposes(CertificateUsages usages)
    {
        var purposes = new OidCollection();
        if (usages.HasFlag(CertificateUsages.Server))
        {
            purposes.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        }

        if (usages.HasFlag(CertificateUsages.Client))
        {
            purposes.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        }

        if (usages.HasFlag(CertificateUsages.CodeSigning))
        {
            purposes.Add(new Oid("1.3.6.1.5.5.7.3.3"));
        }

        return purposes;
    }

    private static X500DistinguishedName Subject(string commonName, string? organization)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        if (organization is not null)
        {
            name.AddOrganizationName(organization);
        }

        return name.Build();
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static byte[] NewSerialNumber()
    {
        // Positive and without leading zeros, as RFC 5280 wants it.
        var serial = RandomNumberGenerator.GetBytes(SerialNumberLength);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
