using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Api.Reach;

namespace Tarmak.Agent.Trust;

/// <summary>
/// The one authority an agent trusts, known by the hash of its public key. The system's authorities mean nothing here.
/// </summary>
/// <param name="pin">SHA-256 (hex) of the authority's SubjectPublicKeyInfo.</param>
internal sealed class PinnedAuthority(string pin)
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string CodeSigningUsage = "1.3.6.1.5.5.7.3.3";

    /// <summary>Whether a certificate is the pinned authority's own.</summary>
    /// <param name="authority">A certificate, DER.</param>
    /// <returns>True if its key is the pinned one.</returns>
    public bool IsPinned(byte[] authority)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(authority);
            byte[] hash = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
            return CryptographicOperations.FixedTimeEquals(Convert.FromHexString(pin), hash);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Checks the certificate with which a server presents itself as the engine.</summary>
    /// <param name="certificate">Its certificate; the authority's stands in it.</param>
    /// <returns>Null where it may be trusted, else why not.</returns>
    public string? RefuseServer(X509Certificate2 certificate) =>
        AuthorityExtension.Read(certificate) is not { } authority
            ? "it does not carry its authority's certificate"
            : Refuse(certificate, authority, AuthorityExtension.EngineName, ServerUsage);

    /// <summary>Checks the certificate of a bundle's signature.</summary>
    /// <param name="certificate">The signing certificate.</param>
    /// <param name="authority">The authority's certificate, DER.</param>
    /// <returns>Null where it may be trusted, else why not.</returns>
    public string? RefuseBundleSigner(X509Certificate2 certificate, byte[] authority) =>
        Refuse(certificate, authority, AuthorityExtension.BundleSignerName, CodeSigningUsage);

    private string? Refuse(X509Certificate2 certificate, byte[] authority, string name, string usage)
    {
        if (!IsPinned(authority))
        {
            return "its authority is not the pinned one";
        }

        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(authority);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        if (!chain.Build(certificate))
        {
            return $"its chain does not hold ({string.Join(", ", chain.ChainStatus.Select(status => status.Status))})";
        }

        if (!chain.ChainElements[^1].Certificate.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span))
        {
            return "its chain ends elsewhere than at the pinned authority";
        }

        return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == name
            ? null
            : $"it is not named {name}";
    }
}
