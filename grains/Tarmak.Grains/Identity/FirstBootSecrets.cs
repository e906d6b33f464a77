using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Grains.Agents;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Identity;

/// <summary>
/// One-time secrets of machines. Each is derived from one random key in the secret store, the instance and the step's
/// token: the same step gets the same secret however often it is repeated, nothing is stored for each machine, and
/// there is nothing to remove once a secret was used. The directory keeps its hash only.
/// </summary>
/// <param name="secrets">The installation's own secret store.</param>
/// <param name="directory">Where enrolments are opened.</param>
/// <param name="time">The clock.</param>
public sealed class FirstBootSecrets(ISecretStore secrets, IAgentDirectory directory, TimeProvider time) : IFirstBootSecrets
{
    /// <summary>How long a secret may be used after it was last issued, or its machine last waited for.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    private byte[]? _key;

    /// <inheritdoc/>
    public async Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken)
    {
        byte[] key = _key ??= await OpenKeyAsync(secrets, cancellationToken).ConfigureAwait(false);
        byte[] secret = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"tarmak enrolment\n{instanceUid}\n{token}"));
        string text = Base64Url.EncodeToString(secret);
        await directory.OpenEnrolmentAsync(
            new OpenEnrolment(instance, instanceUid, token, Hash(text), time.GetUtcNow() + Validity), cancellationToken).ConfigureAwait(false);
        return text;
    }

    /// <summary>The form in which the directory knows a secret.</summary>
    /// <param name="secret">The secret's text.</param>
    /// <returns>SHA-256 (hex).</returns>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The installation's key for what is derived for machines, made at the first use.</summary>
    internal static async Task<byte[]> OpenKeyAsync(ISecretStore secrets, CancellationToken cancellationToken)
    {
        Secret stored = await secrets.GetAsync(EngineNames.EnrolmentKeyPath, cancellationToken).ConfigureAwait(false)
            ?? await secrets.CreateIfAbsentAsync(
                EngineNames.EnrolmentKeyPath, RandomNumberGenerator.GetBytes(32), cancellationToken).ConfigureAwait(false);
        return stored.Value.ToArray();
    }
}
