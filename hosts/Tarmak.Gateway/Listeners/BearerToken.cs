using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Tarmak.Gateway.Listeners;

/// <summary>The secret of the loopback listener: 32 random bytes, made at first start, in a file of its owner alone.</summary>
internal sealed class BearerToken
{
    private const int Length = 32;
    private const string Scheme = "Bearer ";
    private readonly byte[] hash;

    private BearerToken(string text) => hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads the token, or makes it where there is none.</summary>
    public static BearerToken Open(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFile.Write(path, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length)) + "\n");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new InvalidDataException(
                $"{path} may be read by others than its owner; delete it, and the next start makes a new one, or run chmod 600 on it if nobody has.");
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length >= Length
            ? new BearerToken(text)
            : throw new InvalidDataException($"{path} holds no token; delete it, and the next start makes a new one.");
    }

    /// <summary>Whether the header shows the token. The time it takes tells nothing of it.</summary>
    public bool IsShownBy(StringValues authorization) =>
        authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), hash);
}
