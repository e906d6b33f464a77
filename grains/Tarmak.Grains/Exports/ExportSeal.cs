using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Grains.Exports;

/// <summary>
/// The form in which exports are stored: a line that says what it is, which key opens it and which home wrote it, then a salt,
/// and the compressed text under AES-256-GCM with a key of its own. The line and the object's place are authenticated with it, so
/// that no object can be passed off as another.
/// </summary>
/// <param name="key">The installation's key.</param>
internal sealed class ExportSeal(RecoveryKey key)
{
    private const string Magic = "tarmak-export-1";
    private const int LongestLine = 128;
    private const int SaltBytes = 32;
    private const int TagBytes = 16;

    // Each text has a key of its own, from a random salt, so that one nonce for all is used once with each.
    private static readonly byte[] Nonce = new byte[12];

    /// <summary>Seals a text for a place.</summary>
    /// <param name="place">Where it is stored.</param>
    /// <param name="writer">Identity of the home that writes it, without a space.</param>
    /// <param name="text">The text, UTF-8.</param>
    public byte[] Seal(string place, string writer, ReadOnlySpan<byte> text)
    {
        var line = Encoding.ASCII.GetBytes($"{Magic} {key.Id} {writer}\n");
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var packed = Pack(text);
        var result = new byte[line.Length + SaltBytes + TagBytes + packed.Length];
        line.CopyTo(result, 0);
        salt.CopyTo(result, line.Length);
        var tag = result.AsSpan(line.Length + SaltBytes, TagBytes);
        var cipher = result.AsSpan(line.Length + SaltBytes + TagBytes);
        using var aes = Cipher(salt, place);
        aes.Encrypt(Nonce, packed, cipher, tag, line);
        return result;
    }

    /// <summary>Whether a sealed text was sealed with this key, as its line says.</summary>
    /// <param name="stored">The sealed text.</param>
    public bool IsOurs(ReadOnlySpan<byte> stored) => Line(stored) is { } line && line.Split(' ') is [Magic, var id, _] && id == key.Id;

    /// <summary>Which home wrote a sealed text, as its line says; null: it does not say. Any key's text tells.</summary>
    /// <param name="stored">The sealed text.</param>
    public static string? WriterOf(ReadOnlySpan<byte> stored) => Line(stored) is { } line && line.Split(' ') is [Magic, _, var writer] ? writer : null;

    /// <summary>Opens a sealed text.</summary>
    /// <param name="place">Where it was stored.</param>
    /// <param name="stored">The sealed text.</param>
    /// <exception cref="InvalidDataException">It is none, or of another version or key, or was changed; the message is the end of a sentence that names it.</exception>
    public byte[] Open(string place, ReadOnlySpan<byte> stored)
    {
        var line = Line(stored) ?? "";
        if (line.Split(' ') is not [var magic, var id, ..] || !magic.StartsWith("tarmak-export-", StringComparison.Ordinal))
        {
            throw new InvalidDataException("is no export");
        }

        if (magic != Magic)
        {
            throw new InvalidDataException($"is in the form {magic}, and this engine knows {Magic}; use a newer engine");
        }

        if (id != key.Id)
        {
            throw new InvalidDataException($"was sealed with recovery key {id}, and the one given is {key.Id}; give the one that was kept when it was written");
        }

        var body = stored[(line.Length + 1)..];
        if (body.Length < SaltBytes + TagBytes)
        {
            throw new InvalidDataException("is cut off");
        }

        var packed = new byte[body.Length - SaltBytes - TagBytes];
        using var aes = Cipher(body[..SaltBytes], place);
        try
        {
            aes.Decrypt(Nonce, body[(SaltBytes + TagBytes)..], body.Slice(SaltBytes, TagBytes), packed, stored[..(line.Length + 1)]);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new InvalidDataException("was changed since it was written, or belongs elsewhere");
        }

        return Unpack(packed);
    }

    private static string? Line(ReadOnlySpan<byte> stored)
    {
        var end = stored[..Math.Min(stored.Length, LongestLine)].IndexOf((byte)'\n');
        return end < 0 ? null : Encoding.ASCII.GetString(stored[..end]);
    }

    private static byte[] Pack(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(text);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new MemoryStream();
        brotli.CopyTo(text);
        return text.ToArray();
    }

    private AesGcm Cipher(ReadOnlySpan<byte> salt, string place) => new(key.Derive(salt, Encoding.UTF8.GetBytes(place)), TagBytes);
}
