using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>The declaration of a environment: a set of clusters sharing a provider, DNS zones and admin CIDRs. All defaults are filled in.</summary>
/// <param name="Metadata">Name, labels and the like.</param>
/// <param name="Spec">What is wanted.</param>
public sealed record EnvironmentManifest(ManifestMetadata Metadata, EnvironmentSpec Spec) : IManifest
{
    /// <inheritdoc/>
    [JsonIgnore]
    public ManifestKind Kind => ManifestKind.Environment;

    /// <inheritdoc/>
    [JsonIgnore]
    public ResourceKey Key => new(Kind, null, Metadata.Name);
}
