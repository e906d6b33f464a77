using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Identity;

/// <summary>
/// Nonces for machines' evidence. A nonce carries its time and is bound to the instance and to the key that enrols, under a
/// key of the installation: any gateway can check one that another gave, and none has to remember it. Used again it
/// serves the same key of the same instance only, which enrolment allows.
/// </summary>
/// <param name="secrets">The installation's own secret store.</param>
/// <param name="time">The clock.</param>
public sealed class EvidenceChallenges(ISecretStore secrets, TimeProvider time)
{
    /// <summary>How long a nonce can be answered.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    private const int TimeLength = sizeof(long);
    private const int SaltLength = 16;
    private const int Length = TimeLength + SaltLength + SHA256.HashSizeInBytes;

    private byte[]? _key;

    /// <summary>Makes a nonce.</summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="publicKeyHash">SHA-256 (hex) of the key that enrols.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The nonce.</returns>
    public async Task<byte[]> IssueAsync(string instanceUid, string publicKeyHash, CancellationToken cancellationToken)
    {
        byte[] nonce = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(nonce, time.GetUtcNow().ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(nonce.AsSpan(TimeLength, SaltLength));
        (await SealAsync(nonce, instanceUid, publicKeyHash, cancellationToken).ConfigureAwait(false)).CopyTo(nonce, TimeLength + SaltLength);
        return nonce;
    }

    /// <summary>Whether a nonce was given for this instance and key, and not too long ago.</summary>
    /// <param name="nonce">The nonce; anybody's bytes.</param>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="publicKeyHash">SHA-256 (hex) of the key that enrols.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was.</returns>
    public async Task<bool> IsOursAsync(byte[] nonce, string instanceUid, string publicKeyHash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        if (nonce.Length != Length)
        {
            return false;
        }

        byte[] seal = await SealAsync(nonce, instanceUid, publicKeyHash, cancellationToken).ConfigureAwait(false);
        long age = time.GetUtcNow().ToUnixTimeMilliseconds() - BinaryPrimitives.ReadInt64BigEndian(nonce);
        return CryptographicOperations.FixedTimeEquals(seal, nonce.AsSpan(TimeLength + SaltLength)) && age >= 0 && age <= Validity.TotalMilliseconds;
    }

    private async Task<byte[]> SealAsync(byte[] nonce, string instanceUid, string publicKeyHash, CancellationToken cancellationToken)
    {
        _key ??= HKDF.DeriveKey(
            HashAlgorithmName.SHA256, await FirstBootSecrets.OpenKeyAsync(secrets, cancellationToken).ConfigureAwait(false),
            SHA256.HashSizeInBytes, info: "tarmak evidence challenges"u8.ToArray());
        byte[] sealedText = [.. nonce.AsSpan(0, TimeLength + SaltLength), .. Encoding.UTF8.GetBytes($"\n{instanceUid}\n{publicKeyHash}")];
        return HMACSHA256.HashData(_key, sealedText);
    }
}
