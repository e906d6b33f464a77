namespace Tarmak.Model.Manifests;

/// <summary>A manifest and where it was written.</summary>
/// <typeparam name="T">Kind of manifest.</typeparam>
/// <param name="Manifest">The manifest.</param>
/// <param name="Source">Where it was written.</param>
public sealed record SourcedManifest<T>(T Manifest, ManifestSource Source)
    where T : class, IManifest;
