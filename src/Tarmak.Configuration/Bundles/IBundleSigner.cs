namespace Tarmak.Configuration.Bundles;

/// <summary>Signs bundles. The key stays with the caller.</summary>
public interface IBundleSigner
{
    /// <summary>Signs a bundle's SHA-256 with ECDSA P-256.</summary>
    /// <param name="hash">The 32 bytes of the hash.</param>
    /// <returns>The signature in DER (RFC 3279) form.</returns>
    byte[] SignHash(ReadOnlySpan<byte> hash);
}
