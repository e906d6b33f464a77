using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Grains.Exports;

/// <summary>
/// The key that an installation's exports are sealed with. Whoever has it and an export can take the installation over, so
/// its text is kept like a root password, elsewhere than the engine's home: it is for the day the home is gone.
/// </summary>
public sealed class RecoveryKey
{
    private const string Prefix = "tarmak-recovery-1";
    private const int KeyBytes = 32;
    private const int ChecksumBytes = 4;

    private readonly byte[] key;

    private RecoveryKey(string installation, byte[] key)
    {
        (Installation, this.key) = (installation, key);
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 4, info: "tarmak recovery key id"u8.ToArray()));
    }

    /// <summary>Identity of the installation.</summary>
    public string Installation { get; }

    /// <summary>Tells keys from each other and nothing about them: eight hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="installation">Identity of the installation.</param>
    /// <returns>The key.</returns>
    public static RecoveryKey Create(string installation) => new(installation, RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Reads a key's text.</summary>
    /// <param name="text">The text; space around it does not matter.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">What is wrong, as the end of a sentence that names where the text is. It holds nothing of the text.</param>
    /// <returns>Whether it is a key.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out RecoveryKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (key, problem) = (null, $"holds no recovery key; it is one line that begins with {Prefix}.");
        if (text.Trim().Split('.') is not [Prefix, { Length: > 0 } installation, { } encoded])
        {
            return false;
        }

        problem = "holds a recovery key that is incomplete or mistyped; copy it whole.";
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(encoded);
        }
        catch (FormatException)
        {
            return false;
        }

        if (bytes.Length != KeyBytes + ChecksumBytes
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(KeyBytes), Checksum(installation, bytes.AsSpan(0, KeyBytes))))
        {
            return false;
        }

        (key, problem) = (new RecoveryKey(installation, bytes[..KeyBytes]), null);
        return true;
    }

    /// <summary>The key as text, for a file of its owner alone.</summary>
    /// <returns>One line without its end.</returns>
    public string Reveal() => $"{Prefix}.{Installation}.{Base64Url.EncodeToString([.. key, .. Checksum(Installation, key)])}";

    /// <summary>The key of one sealed text.</summary>
    internal byte[] Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> purpose)
    {
        var derived = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, purpose);
        return derived;
    }

    private static byte[] Checksum(string installation, ReadOnlySpan<byte> key) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(installation), 0, .. key])[..ChecksumBytes];
}
