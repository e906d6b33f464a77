namespace Tarmak.Model.Manifests;

/// <summary>What the server already has; incoming manifests are checked against it.</summary>
/// <param name="Providers">Providers.</param>
/// <param name="Environments">Environments.</param>
/// <param name="Clusters">Clusters of every environment.</param>
public sealed record ExistingResources(
    IReadOnlyList<ExistingResource<ProviderManifest>> Providers,
    IReadOnlyList<ExistingResource<EnvironmentManifest>> Environments,
    IReadOnlyList<ExistingResource<ClusterManifest>> Clusters)
{
    /// <summary>A server that has nothing.</summary>
    public static ExistingResources None { get; } = new([], [], []);
}
