using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>The declaration of a cluster: one cluster of an environment. All defaults are filled in.</summary>
/// <param name="Metadata">Name, labels and the like.</param>
/// <param name="Spec">What is wanted.</param>
public sealed record ClusterManifest(ManifestMetadata Metadata, ClusterSpec Spec) : IManifest
{
    /// <inheritdoc/>
    [JsonIgnore]
    public ManifestKind Kind => ManifestKind.Cluster;

    /// <inheritdoc/>
    [JsonIgnore]
    public ResourceKey Key => new(Kind, Metadata.Environment, Metadata.Name);
}
