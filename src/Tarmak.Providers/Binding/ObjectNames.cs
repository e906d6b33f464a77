using System.Security.Cryptography;
using System.Text;
using Tarmak.Machines;

namespace Tarmak.Providers.Binding;

/// <summary>Provider-side names: readable, unique within an account, and ending in a short hash that includes the installation.</summary>
public static class ObjectNames
{
    /// <summary>Longest name, in characters; every cloud takes it.</summary>
    public const int MaxLength = 63;

    /// <summary>The name of a machine's object.</summary>
    /// <param name="installation">Identity of the installation.</param>
    /// <param name="owner">The machine.</param>
    /// <returns>The name, of <c>[a-z0-9-]</c>.</returns>
    public static string Of(string installation, MachineAddress owner)
    {
        var readable = string.Join('-', owner.OwnerKey.Split('/')) + (owner.Name is "main" ? "" : $"-{owner.Name}") + $"-{owner.ResourceKind}";
        var clean = new string([.. readable.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{installation}\n{owner.Key}")))[..8];
        var room = MaxLength - "tarmak-".Length - hash.Length - 1;
        return $"tarmak-{(clean.Length > room ? clean[..room] : clean)}-{hash}";
    }
}
