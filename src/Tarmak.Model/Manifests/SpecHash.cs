using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>A stable hash of a spec: equal specs have equal hashes, in every version that writes the same fields.</summary>
public static class SpecHash
{
    /// <summary>SHA-256 over the canonical JSON of a provider's spec, in hexadecimal.</summary>
    public static string Of(ProviderSpec spec) => CanonicalJson.Hash(CanonicalJson.Of(spec));

    /// <summary>SHA-256 over the canonical JSON of an environment's spec, in hexadecimal.</summary>
    public static string Of(EnvironmentSpec spec) => CanonicalJson.Hash(CanonicalJson.Of(spec));

    /// <summary>SHA-256 over the canonical JSON of a cluster's spec, in hexadecimal.</summary>
    public static string Of(ClusterSpec spec) => CanonicalJson.Hash(CanonicalJson.Of(spec));

    /// <summary>SHA-256 over the canonical JSON of a pool's spec, in hexadecimal.</summary>
    public static string Of(InstancePoolSpec spec) => CanonicalJson.Hash(CanonicalJson.Of(spec));

    /// <summary>The hash of a manifest's spec.</summary>
    public static string Of(IManifest manifest) => manifest switch
    {
        ProviderManifest provider => Of(provider.Spec),
        EnvironmentManifest environment => Of(environment.Spec),
        ClusterManifest cluster => Of(cluster.Spec),
        _ => throw new ArgumentException("Not a kind of manifest this model knows.", nameof(manifest)),
    };
}
