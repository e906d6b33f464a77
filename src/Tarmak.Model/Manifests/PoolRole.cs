using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>What the machines of a pool are.</summary>
public enum PoolRole
{
    /// <summary>The way in for operators.</summary>
    [JsonStringEnumMemberName("bastion")]
    Bastion,

    /// <summary>Certificate authority and secrets of the clusters.</summary>
    [JsonStringEnumMemberName("vault")]
    Vault,

    /// <summary>Members of the cluster's etcd.</summary>
    [JsonStringEnumMemberName("etcd")]
    Etcd,

    /// <summary>Kubernetes control plane.</summary>
    [JsonStringEnumMemberName("master")]
    Master,

    /// <summary>Kubernetes nodes.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,

    /// <summary>Build server of a hub.</summary>
    [JsonStringEnumMemberName("jenkins")]
    Jenkins,
}
