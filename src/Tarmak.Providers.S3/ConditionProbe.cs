using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3;

/// <summary>
/// Tries in a new bucket whether the server holds the conditions of writes. One that does not know them ignores them without a
/// word, and every conditional write would then be an overwrite. Some hold them only where no versions are kept.
/// </summary>
internal sealed class ConditionProbe(S3Server server)
{
    private const string Prefix = ObjectKeys.Own + "probe-";

    // An ETag that no content has.
    private static readonly PutCondition Stale = new(new string('0', 32));
    private static readonly PutCondition Absent = new((string?)null);

    /// <summary>Whether a probe wrote what is under a stored key.</summary>
    public static bool IsProbe(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What the server does wrong, as the end of a sentence; null where it does right.</summary>
    public async Task<string?> FaultAsync(string bucket, CancellationToken cancellationToken)
    {
        // Each has a key of its own: two processes may probe at once.
        var key = Prefix + Guid.NewGuid().ToString("N");
        var fault = await TryAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        await foreach (var page in server.VersionsAsync(bucket, key, cancellationToken).ConfigureAwait(false))
        {
            foreach (var version in page)
            {
                await server.DeleteAsync(bucket, version, cancellationToken).ConfigureAwait(false);
            }
        }

        return fault;
    }

    private async Task<string?> TryAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        Task<PutOutcome> PutAsync(PutCondition condition) => server.WriteAsync(bucket, key, "probe"u8.ToArray(), condition, cancellationToken);

        return await PutAsync(Absent).ConfigureAwait(false) is not PutOutcome.Stored { ETag: var first } ? "takes no write on the condition that there is no object (If-None-Match: *)"
            : await PutAsync(Absent).ConfigureAwait(false) is not PutOutcome.Refused ? "overwrites an object on the condition that there is none (If-None-Match: *)"
            : await PutAsync(Stale).ConfigureAwait(false) is not PutOutcome.Refused ? "overwrites an object on the condition of another version (If-Match)"
            : await PutAsync(new PutCondition(first)).ConfigureAwait(false) is not PutOutcome.Stored ? "takes no write on the condition of the newest version (If-Match)"
            : null;
    }
}
