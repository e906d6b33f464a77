namespace Tarmak.Configuration.Bundles;

/// <summary>The configuration of one instance: what its agent fetches, verifies and applies.</summary>
/// <param name="Hash">SHA-256 of <paramref name="Content"/>, lower-case hexadecimal; the bundle's address.</param>
/// <param name="Content">A gzip-compressed tar; the same input gives the same bytes.</param>
/// <param name="Signature">ECDSA signature over the hash, DER form.</param>
public sealed record Bundle(string Hash, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Signature);
