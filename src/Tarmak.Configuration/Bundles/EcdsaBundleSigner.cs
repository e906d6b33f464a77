using System.Security.Cryptography;

namespace Tarmak.Configuration.Bundles;

/// <summary>Signs bundles with a key in memory.</summary>
/// <param name="key">An ECDSA P-256 key; it stays the caller's to dispose.</param>
public sealed class EcdsaBundleSigner(ECDsa key) : IBundleSigner
{
    /// <inheritdoc/>
    public byte[] SignHash(ReadOnlySpan<byte> hash) => key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Whether a signature is this key's over the hash. Agents do the same with the public key.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="hash">The 32 bytes of the bundle's hash.</param>
    /// <param name="signature">The signature in DER form.</param>
    public static bool Verify(ECDsa key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);

        return key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
    }
}
