using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>How a cluster stands to the others of its environment.</summary>
public enum ClusterType
{
    /// <summary>Stands alone.</summary>
    [JsonStringEnumMemberName("single")]
    Single,

    /// <summary>Shared tooling of an environment: bastion, vault, jenkins.</summary>
    [JsonStringEnumMemberName("hub")]
    Hub,

    /// <summary>A spoke that uses the environment's hub.</summary>
    [JsonStringEnumMemberName("multi")]
    Multi,
}
