using System.Collections.Frozen;

namespace Tarmak.Model.Manifests;

/// <summary>Values taken where a manifest leaves a field out.</summary>
public static class ModelDefaults
{
    /// <summary>The one version of the manifests' shape.</summary>
    public const string ApiVersion = "tarmak.io/v1alpha1";

    /// <summary>Range of machine addresses.</summary>
    public const string NetworkCidr = "10.99.0.0/16";

    /// <summary>Range of pod addresses.</summary>
    public const string PodsCidr = "100.64.0.0/16";

    /// <summary>Range of service addresses.</summary>
    public const string ServicesCidr = "10.254.0.0/16";

    /// <summary>DNS zone inside a Kubernetes cluster.</summary>
    public const string ClusterZone = "cluster.local";

    /// <summary>DNS zone of an environment's instances.</summary>
    public const string PrivateZone = "tarmak.local";

    /// <summary>Size of the volume a machine boots from.</summary>
    public const int RootVolumeGiB = 16;

    /// <summary>The zone of a cluster whose pools name none.</summary>
    public const string OnlyZone = "a";

    /// <summary>The reserved name of an environment's hub.</summary>
    public const string HubName = "hub";

    internal static readonly IReadOnlyDictionary<string, string> NoText = FrozenDictionary<string, string>.Empty;

    internal static readonly IReadOnlyDictionary<string, CapabilityOverride> NoOverrides = FrozenDictionary<string, CapabilityOverride>.Empty;
}
