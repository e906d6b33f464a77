namespace Tarmak.Model.Manifests;

/// <summary>Names one declared resource within an installation.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Environment">The environment it belongs to; only clusters have one.</param>
/// <param name="Name">Its name, unique among its kind (and environment).</param>
public sealed record ResourceKey(ManifestKind Kind, string? Environment, string Name)
{
    /// <summary><c>dev/demo</c> for a cluster, the bare name otherwise.</summary>
    public string Path => Environment is null ? Name : $"{Environment}/{Name}";

    /// <summary>For sentences: <c>cluster dev/demo</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Path}";
}
