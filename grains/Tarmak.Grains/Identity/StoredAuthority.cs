using System.Security.Cryptography;
using System.Text;
using Tarmak.Configuration.Certificates;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Identity;

/// <summary>
/// A certificate authority in a secret store, certificate and key in one value, so that a crash never parts them or
/// makes two.
/// </summary>
public static class StoredAuthority
{
    /// <summary>Reads an authority.</summary>
    /// <param name="secrets">The store.</param>
    /// <param name="path">Its path.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The authority, the caller's to dispose; null where there is none.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    public static async Task<CertificateAuthority?> FindAsync(ISecretStore secrets, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Secret? stored = await secrets.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return stored is null ? null : Import(stored, time);
    }

    /// <summary>Reads an authority, or makes it where there is none.</summary>
    /// <param name="secrets">The store.</param>
    /// <param name="path">Its path.</param>
    /// <param name="commonName">Name of a new one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The authority, the caller's to dispose.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The store did not answer or refused.</exception>
    public static async Task<CertificateAuthority> FindOrCreateAsync(
        ISecretStore secrets, string path, string commonName, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(secrets, path, time, cancellationToken).ConfigureAwait(false) is { } existing)
        {
            return existing;
        }

        using CertificateAuthority fresh = CertificateAuthority.Create(commonName, time);
        byte[] value = Encoding.ASCII.GetBytes($"{fresh.CertificatePem}\n{fresh.ExportPrivateKeyPem()}\n");
        try
        {
            return Import(await secrets.CreateIfAbsentAsync(path, value, cancellationToken).ConfigureAwait(false), time);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    private static CertificateAuthority Import(Secret stored, TimeProvider time)
    {
        string text = Encoding.ASCII.GetString(stored.Value.Span);
        return CertificateAuthority.Import(text, text, time);
    }
}
