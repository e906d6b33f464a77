namespace Tarmak.Model.Manifests;

/// <summary>A resource the server already has.</summary>
/// <typeparam name="T">Kind of manifest.</typeparam>
/// <param name="Manifest">Its manifest as accepted.</param>
/// <param name="ResourceVersion">Its current version.</param>
public sealed record ExistingResource<T>(T Manifest, string ResourceVersion)
    where T : class, IManifest;
