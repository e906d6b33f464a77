using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Agent.Trust;

namespace Tarmak.Agent.Bundles;

/// <summary>A bundle as it came over the wire.</summary>
/// <param name="Hash">Its address: SHA-256 (hex) of the content.</param>
/// <param name="Content">A gzip-compressed tar.</param>
/// <param name="Signature">ECDSA signature over the hash, DER form.</param>
/// <param name="SigningCertificate">Certificate of the signing key, DER.</param>
internal sealed record SignedBundle(string Hash, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Signature, byte[] SigningCertificate)
{
    /// <summary>Refuses a bundle that is not what its address says or that the engine has not signed.</summary>
    /// <param name="pinned">The pinned authority.</param>
    /// <param name="authority">The authority's certificate, DER.</param>
    /// <exception cref="AgentException">The bundle is refused.</exception>
    public void Verify(PinnedAuthority pinned, byte[] authority)
    {
        byte[] hash = SHA256.HashData(Content.Span);
        if (Convert.ToHexStringLower(hash) != Hash)
        {
            throw new AgentException("The bundle is refused: its content is not what its hash says.");
        }

        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(SigningCertificate);
            if (pinned.RefuseBundleSigner(certificate, authority) is { } reason)
            {
                throw new AgentException($"The bundle is refused: as for its signing certificate, {reason}.");
            }

            using ECDsa? key = certificate.GetECDsaPublicKey();
            if (key is null || !key.VerifyHash(hash, Signature.Span, DSASignatureFormat.Rfc3279DerSequence))
            {
                throw new AgentException("The bundle is refused: its signature does not hold.");
            }
        }
        catch (CryptographicException exception)
        {
            throw new AgentException("The bundle is refused: its signature or signing certificate is malformed.", exception);
        }
    }
}
