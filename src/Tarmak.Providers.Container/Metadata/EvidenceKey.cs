using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Providers.Container.Metadata;

/// <summary>
/// The key a machine signs challenges with. It follows from the machine's one-time secret, so that a creation that is
/// repeated gives the machine the same key, and the public half can be on its label before the private one is in it.
/// </summary>
internal static class EvidenceKey
{
    private const int SeedLength = 48;
    private const int ScalarLength = 32;

    // The order of the group of P-256 (FIPS 186-5; SEC 2, section 2.4.2).
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The key of the machine with a name and a one-time secret.</summary>
    public static ECDsa Of(string machine, string secret)
    {
        // 16 bytes more than the order has, so that no scalar is likelier than another to speak of (FIPS 186-5, A.2.1).
        var seed = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), SeedLength, info: Encoding.UTF8.GetBytes("tarmak evidence " + machine));
        var scalar = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[ScalarLength];
        bytes.CopyTo(padded, ScalarLength - bytes.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = padded });
    }

    /// <summary>The public half as it stands on the label.</summary>
    public static string Label(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <summary>What a machine signs for a nonce.</summary>
    public static byte[] Challenge(ReadOnlySpan<byte> nonce) => Encoding.ASCII.GetBytes("tarmak evidence " + Convert.ToHexStringLower(nonce));

    /// <summary>Whether a signature is of the key on a label.</summary>
    public static bool Verify(string label, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(label), out _);
        return key.VerifyData(Challenge(nonce), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
