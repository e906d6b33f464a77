namespace Tarmak.Model.Manifests;

/// <summary>A change that gives up data and so goes on only with consent that names it.</summary>
/// <param name="Cluster">The cluster concerned, or the environment.</param>
/// <param name="Pool">The stateful pool that shrinks, goes or is renamed, or what of the environment goes.</param>
/// <param name="Volumes">Volumes given up, as <c>etcd-2/data</c>.</param>
/// <param name="Reason">One sentence for the user.</param>
public sealed record RequiredConsent(ResourceKey Cluster, string Pool, IReadOnlyList<string> Volumes, string Reason)
{
    /// <summary>The name to consent with: <c>dev/demo/etcd</c>, or <c>dev#bucket/backups</c>, which is no cluster's.</summary>
    public string Name => $"{Cluster.Path}{(Cluster.Kind == ManifestKind.Environment ? '#' : '/')}{Pool}";

    /// <summary>Whether the names a user consented with cover this: <c>all</c>, the pool's full name, or every volume (<c>dev/demo/etcd-2/data</c>).</summary>
    public bool IsGivenBy(IReadOnlyCollection<string> consents)
    {
        ArgumentNullException.ThrowIfNull(consents);
        return consents.Contains("all") || consents.Contains(Name)
            || (Volumes.Count > 0 && Volumes.All(v => consents.Contains($"{Cluster.Path}/{v}")));
    }
}
