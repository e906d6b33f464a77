using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// What machines' metadata says of them: the machine and the challenge's nonce, signed by the account; or, where the cloud
/// signs nothing, a secret that the machine was started with. Who knows the seed can make either.
/// </summary>
/// <param name="strength">What evidence is worth there.</param>
/// <param name="seed">What the key follows from.</param>
internal sealed class AccountMetadata(EvidenceStrength strength, long seed)
{
    private readonly byte[] key = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"metadata of simulated account {seed}")));

    /// <summary>The evidence a machine gives.</summary>
    public byte[] EvidenceOf(string machineId, ReadOnlySpan<byte> nonce)
    {
        var about = strength == EvidenceStrength.NonceSigned ? $"nonce {Convert.ToHexStringLower(nonce)} of {machineId}" : $"secret of {machineId}";
        return Encoding.ASCII.GetBytes($"{machineId} {Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(about)))}");
    }

    /// <summary>The machine that gave evidence; null where it is of none.</summary>
    public string? MachineOf(ReadOnlySpan<byte> evidence, ReadOnlySpan<byte> nonce) =>
        evidence.IndexOf((byte)' ') is var end and > 0 && Encoding.ASCII.GetString(evidence[..end]) is var id
            && CryptographicOperations.FixedTimeEquals(evidence, EvidenceOf(id, nonce)) ? id : null;
}
