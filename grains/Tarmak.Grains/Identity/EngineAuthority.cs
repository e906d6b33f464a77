using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tarmak.Configuration.Bundles;
using Tarmak.Configuration.Certificates;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Identity;

/// <summary>
/// The installation's own authority. Agents are given its pin at first boot and trust nothing else; it says who is the
/// engine, who is which agent, and whose bundles may be applied. Its key lives in the secret store only.
/// </summary>
public sealed class EngineAuthority : IBundleSigner, IDisposable
{
    private static readonly TimeSpan OwnValidity = TimeSpan.FromDays(90);

    private readonly CertificateAuthority _authority;
    private readonly ECDsa _bundleKey;
    private readonly EcdsaBundleSigner _bundleSigner;
    private readonly RenewedCertificate _server;
    private readonly RenewedCertificate _relayClient;
    private readonly RenewedCertificate _bundleCertificate;

    private EngineAuthority(CertificateAuthority authority, ECDsa bundleKey, TimeProvider time)
    {
        _authority = authority;
        _bundleKey = bundleKey;
        _bundleSigner = new EcdsaBundleSigner(bundleKey);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(authority.CertificateDer.Span);
        Pin = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        _server = new RenewedCertificate(() => Issue(new CertificateProfile
        {
            CommonName = EngineNames.Engine,
            Usages = CertificateUsages.Server,
            DnsNames = [EngineNames.Engine],
            Extensions = [new X509Extension(EngineNames.AuthorityExtension, authority.CertificateDer.Span, critical: false)],
            Validity = OwnValidity,
        }), time);
        _relayClient = new RenewedCertificate(() => Issue(new CertificateProfile
        {
            CommonName = EngineNames.Engine,
            Usages = CertificateUsages.Client,
            Validity = OwnValidity,
        }), time);
        _bundleCertificate = new RenewedCertificate(() => authority.Sign(
            new System.Security.Cryptography.X509Certificates.CertificateRequest(
                $"CN={EngineNames.BundleSigner}", bundleKey, HashAlgorithmName.SHA256).CreateSigningRequest(),
            new CertificateProfile
            {
                CommonName = EngineNames.BundleSigner,
                Usages = CertificateUsages.CodeSigning,
                Validity = OwnValidity,
            }), time);
    }

    /// <summary>SHA-256 (hex) of the authority's public key: the pin of first-boot data.</summary>
    public string Pin { get; }

    /// <summary>The authority's certificate, PEM.</summary>
    public string CertificatePem => _authority.CertificatePem;

    /// <summary>The authority's certificate, DER.</summary>
    public ReadOnlyMemory<byte> CertificateDer => _authority.CertificateDer;

    /// <summary>The engine's server certificate with its key, for the agents' port.</summary>
    public X509Certificate2 ServerCertificate => _server.Current;

    /// <summary>The certificate with its key that the engine shows to relays.</summary>
    public X509Certificate2 RelayClientCertificate => _relayClient.Current;

    /// <summary>Certificate of the bundle signing key, DER.</summary>
    public ReadOnlyMemory<byte> BundleSigningCertificate => _bundleCertificate.Current.RawDataMemory;

    /// <summary>Reads the authority and the bundle signing key from a secret store, or makes them where there are none.</summary>
    /// <param name="secrets">The installation's own secret store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The authority.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    public static async Task<EngineAuthority> OpenAsync(ISecretStore secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        CertificateAuthority authority = await StoredAuthority.FindOrCreateAsync(
            secrets, EngineNames.AuthorityPath, "tarmak engine authority", time, cancellationToken).ConfigureAwait(false);
        try
        {
            return new EngineAuthority(authority, await OpenBundleKeyAsync(secrets, cancellationToken).ConfigureAwait(false), time);
        }
        catch
        {
            authority.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public byte[] SignHash(ReadOnlySpan<byte> hash) => _bundleSigner.SignHash(hash);

    /// <summary>Issues an agent's identity, for 30 days.</summary>
    /// <param name="signingRequest">The agent's signing request (PKCS#10, DER); only its key counts.</param>
    /// <param name="instanceUid">Identity of the instance; the certificate's common name.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="InvalidSigningRequestException">The request is not acceptable.</exception>
    public X509Certificate2 SignAgent(ReadOnlySpan<byte> signingRequest, string instanceUid)
    {
        if (instanceUid is EngineNames.Engine or EngineNames.BundleSigner)
        {
            throw new ArgumentException($"No instance may be named as the engine is: {instanceUid}.", nameof(instanceUid));
        }

        return _authority.Sign(signingRequest, new CertificateProfile { CommonName = instanceUid, Usages = CertificateUsages.Client });
    }

    /// <summary>Whether a certificate was issued to a client by this authority. Its dates are the caller's matter.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>True if it was.</returns>
    public bool IsOurs(X509Certificate2 certificate)
    {
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(_authority.CertificateDer.Span);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _bundleKey.Dispose();
    }

    private X509Certificate2 Issue(CertificateProfile profile)
    {
        IssuedCertificate issued = _authority.Issue(profile);
        return X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
    }

    private static async Task<ECDsa> OpenBundleKeyAsync(ISecretStore secrets, CancellationToken cancellationToken)
    {
        Secret? stored = await secrets.GetAsync(EngineNames.BundleSignerPath, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            using ECDsa fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            stored = await secrets.CreateIfAbsentAsync(
                EngineNames.BundleSignerPath, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem()), cancellationToken).ConfigureAwait(false);
        }

        ECDsa key = ECDsa.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(stored.Value.Span));
        return key;
    }
}
