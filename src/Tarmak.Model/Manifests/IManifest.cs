namespace Tarmak.Model.Manifests;

/// <summary>What the three kinds of manifest have in common.</summary>
public interface IManifest
{
    /// <summary>Which kind this is.</summary>
    ManifestKind Kind { get; }

    /// <summary>Name, labels and the like.</summary>
    ManifestMetadata Metadata { get; }

    /// <summary>The resource this manifest declares.</summary>
    ResourceKey Key { get; }
}
