namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>A bucket.</summary>
/// <param name="account">Whose.</param>
internal sealed class StoredBucket(string account)
{
    public string Account => account;

    public bool KeepsVersions { get; set; }

    /// <summary>Versions by key, in S3's order; of a key the newest first.</summary>
    public SortedDictionary<string, List<StoredVersion>> Objects { get; } = new(StringComparer.Ordinal);
}
