using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>The declaration of a provider: one account at one cloud. All defaults are filled in.</summary>
/// <param name="Metadata">Name, labels and the like.</param>
/// <param name="Spec">What is wanted.</param>
public sealed record ProviderManifest(ManifestMetadata Metadata, ProviderSpec Spec) : IManifest
{
    /// <inheritdoc/>
    [JsonIgnore]
    public ManifestKind Kind => ManifestKind.Provider;

    /// <inheritdoc/>
    [JsonIgnore]
    public ResourceKey Key => new(Kind, null, Metadata.Name);
}
