using Tarmak.Model.Resources;

namespace Tarmak.Grains.Agents;

/// <summary>Where the engine keeps what agents fetch.</summary>
public static class AgentPlaces
{
    /// <summary>Key of a bundle's content in object storage.</summary>
    /// <param name="hash">The bundle's hash.</param>
    /// <returns>The key.</returns>
    public static string Bundle(string hash) => $"bundles/{hash}";

    /// <summary>Key of a bundle's signature in object storage.</summary>
    /// <param name="hash">The bundle's hash.</param>
    /// <returns>The key.</returns>
    public static string BundleSignature(string hash) => $"bundles/{hash}.sig";

    /// <summary>What the paths of an environment's secrets begin with: all of them move with it.</summary>
    /// <param name="environment">Environment name.</param>
    /// <returns>The beginnings.</returns>
    public static IReadOnlyList<string> SecretPrefixes(string environment) => [$"authorities/{environment}/"];

    /// <summary>Path of a cluster authority in the secret store; its value is certificate and key, PEM.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="cluster">Cluster name.</param>
    /// <param name="authority">Authority name.</param>
    /// <returns>The path.</returns>
    public static string Authority(string environment, string cluster, string authority) =>
        GrantPaths.Authority(environment, cluster, authority);
}
