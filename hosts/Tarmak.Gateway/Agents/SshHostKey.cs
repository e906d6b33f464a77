using System.Buffers.Binary;
using System.Text;

namespace Tarmak.Gateway.Agents;

/// <summary>
/// Host keys as agents report them. They end in operators' lists of known hosts, one a line behind the host's name: what
/// is not exactly one key would speak for other hosts.
/// </summary>
internal static class SshHostKey
{
    private const int LongestText = 2048;

    private static readonly string[] Algorithms =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

    /// <summary>Reads one key.</summary>
    /// <param name="text">The line of a public key file.</param>
    /// <returns>Algorithm and key, without the comment; null where it is anything else.</returns>
    public static string? Read(string text)
    {
        if (text.Length > LongestText || text.AsSpan().Trim().ContainsAny('\n', '\r', '\0'))
        {
            return null;
        }

        string[] words = text.Split((char[]?)[' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 2 && Algorithms.Contains(words[0]) && IsKeyOf(words[0], words[1]) ? $"{words[0]} {words[1]}" : null;
    }

    /// <summary>Whether the encoded key names the algorithm itself, as every key does.</summary>
    private static bool IsKeyOf(string algorithm, string encoded)
    {
        byte[] key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out int length)
            && length > sizeof(uint) + algorithm.Length
            && BinaryPrimitives.ReadUInt32BigEndian(key) == algorithm.Length
            && key.AsSpan(sizeof(uint), algorithm.Length).SequenceEqual(Encoding.ASCII.GetBytes(algorithm));
    }
}
