using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Machines;

/// <summary>Hash of a specification's canonical text. It is a tag that tells changed from unchanged, never an identity.</summary>
internal static class SpecText
{
    /// <summary>Hashes a text.</summary>
    /// <param name="spec">Canonical JSON.</param>
    /// <returns>SHA-256 in hex.</returns>
    public static string Hash(string spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec)));
}
