namespace Tarmak.Model.Manifests;

/// <summary>The address ranges of a cluster.</summary>
public sealed record ClusterNetwork
{
    /// <summary>Range the machines' addresses are taken from.</summary>
    public string Cidr { get; init => field = value ?? ModelDefaults.NetworkCidr; } = ModelDefaults.NetworkCidr;

    /// <summary>Range of pod addresses.</summary>
    public string Pods { get; init => field = value ?? ModelDefaults.PodsCidr; } = ModelDefaults.PodsCidr;

    /// <summary>Range of service addresses.</summary>
    public string Services { get; init => field = value ?? ModelDefaults.ServicesCidr; } = ModelDefaults.ServicesCidr;
}
