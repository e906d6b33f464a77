namespace Tarmak.Cli.Follow;

/// <summary>A resource that is waited for.</summary>
/// <param name="Kind">Its kind, as the inventory calls it.</param>
/// <param name="Key">Its key.</param>
/// <param name="Generation">The generation that has to be in force.</param>
internal sealed record FollowTarget(string Kind, string Key, long Generation)
{
    /// <summary>The environments and clusters among documents that were accepted; the others have nothing to wait for.</summary>
    /// <param name="documents">What the engine answered.</param>
    public static IReadOnlyList<FollowTarget> Of(IEnumerable<DocumentResult> documents) =>
        [.. documents
            .Where(d => d.Action != DocumentResult.Types.Action.Absent)
            .Select(d => new FollowTarget(Kinds.Singular(d.Kind) ?? d.Kind, d.Key, d.Generation))
            .Where(t => t.Kind is "environment" or "cluster")];
}
