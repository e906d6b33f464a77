namespace Tarmak.Model.Manifests;

/// <summary>The Kubernetes of a cluster.</summary>
public sealed record KubernetesSpec
{
    /// <summary>Version, as <c>1.25.3</c>; null takes the engine's own.</summary>
    public string? Version { get; init; }

    /// <summary>DNS zone inside the cluster.</summary>
    public string Zone { get; init => field = value ?? ModelDefaults.ClusterZone; } = ModelDefaults.ClusterZone;
}
