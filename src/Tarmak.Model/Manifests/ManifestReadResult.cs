namespace Tarmak.Model.Manifests;

/// <summary>All that was read from a set of files. A document with problems is left out of the lists.</summary>
/// <param name="Providers">Providers, in the order of the files.</param>
/// <param name="Environments">Environments, in the order of the files.</param>
/// <param name="Clusters">Clusters, in the order of the files.</param>
/// <param name="Problems">Everything wrong, in the order of the files.</param>
/// <param name="Invalid">Keys of documents that were left out, so that references to them are not reported again.</param>
public sealed record ManifestReadResult(
    IReadOnlyList<SourcedManifest<ProviderManifest>> Providers,
    IReadOnlyList<SourcedManifest<EnvironmentManifest>> Environments,
    IReadOnlyList<SourcedManifest<ClusterManifest>> Clusters,
    IReadOnlyList<ManifestProblem> Problems,
    IReadOnlyList<ResourceKey> Invalid)
{
    /// <summary>Every manifest in the order of acceptance: providers, environments, clusters.</summary>
    public IEnumerable<IManifest> All =>
        Providers.Select(p => (IManifest)p.Manifest)
            .Concat(Environments.Select(e => e.Manifest))
            .Concat(Clusters.Select(c => c.Manifest));
}
