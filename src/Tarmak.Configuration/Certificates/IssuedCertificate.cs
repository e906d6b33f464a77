namespace Tarmak.Configuration.Certificates;

/// <summary>A certificate with a key made for it.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKeyPem">The key, PKCS#8: a secret.</param>
public sealed record IssuedCertificate(string CertificatePem, string PrivateKeyPem)
{
    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => nameof(IssuedCertificate);
}
