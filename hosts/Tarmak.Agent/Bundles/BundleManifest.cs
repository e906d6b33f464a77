namespace Tarmak.Agent.Bundles;

/// <summary><c>bundle.json</c>: whose bundle it is.</summary>
/// <param name="Format">Version of the bundle's layout.</param>
/// <param name="Instance">The instance it was made for.</param>
internal sealed record BundleManifest(int Format, BundleInstance Instance)
{
    /// <summary>The layout this agent knows.</summary>
    public const int KnownFormat = 1;
}

/// <summary>The instance a bundle was made for.</summary>
/// <param name="Uid">Its identity.</param>
internal sealed record BundleInstance(string Uid);
