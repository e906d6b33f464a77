using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Agent.Trust;

/// <summary>A private key (ECDSA P-256, PKCS#8 PEM) that is made once and never leaves the machine.</summary>
internal static class KeyFile
{
    /// <summary>Reads the key, or makes it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="AgentException">Others may read the file, or it holds no key.</exception>
    public static ECDsa ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            using ECDsa fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            AgentFiles.Write(path, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem() + "\n"), AgentFiles.Private);
        }

        AgentFiles.RequirePrivate(path);
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new AgentException($"{path} holds no private key.", exception);
        }
    }

    /// <summary>A signing request (PKCS#10, DER): it shows the key and proves that we have it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="commonName">A name for the reader; the engine takes names from its own records.</param>
    /// <returns>The request.</returns>
    public static byte[] CreateRequest(ECDsa key, string commonName) =>
        new System.Security.Cryptography.X509Certificates.CertificateRequest(
            new System.Security.Cryptography.X509Certificates.X500DistinguishedName($"CN={commonName}"), key, HashAlgorithmName.SHA256)
            .CreateSigningRequest();
}
