namespace Tarmak.Model.Resources;

/// <summary>What a grant may name: what it is bound by in manifests (a capability or a use of object storage), and where it is there.</summary>
public static class GrantPaths
{
    /// <summary>An instance's configuration bundle, whichever is in force.</summary>
    /// <param name="instance">Key of the instance.</param>
    /// <returns>The path.</returns>
    public static string Bundle(string instance) => $"configuration/bundles/{instance}";

    /// <summary>A secret.</summary>
    /// <param name="path">Its path in the environment's secret store.</param>
    /// <returns>The path.</returns>
    public static string Secret(string path) => $"{CapabilityNames.SecretStore}/{path}";

    /// <summary>A repository of container images.</summary>
    /// <param name="repository">Its name in the registry.</param>
    /// <returns>The path.</returns>
    public static string Repository(string repository) => $"{CapabilityNames.ContainerRegistry}/{repository}";

    /// <summary>The repository a path names.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Its name in the registry; null where the path names something else.</returns>
    public static string? RepositoryOf(string path) =>
        path.StartsWith(CapabilityNames.ContainerRegistry + "/", StringComparison.Ordinal) ? path[(CapabilityNames.ContainerRegistry.Length + 1)..] : null;

    /// <summary>Where a cluster's authority is in the secret store.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="cluster">Cluster name.</param>
    /// <param name="authority">Authority name.</param>
    /// <returns>Its path in the secret store, which <see cref="Secret"/> takes.</returns>
    public static string Authority(string environment, string cluster, string authority) => $"authorities/{environment}/{cluster}/{authority}";
}
