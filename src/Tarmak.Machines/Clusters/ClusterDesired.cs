using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;

namespace Tarmak.Machines.Clusters;

/// <summary>Everything a cluster was asked for, and what its environment gives it.</summary>
public sealed record ClusterDesired
{
    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest.</summary>
    public required Declared<ClusterSpec> Manifest { get; init; }

    /// <summary>What may be lost of its data, as <c>all</c>, <c>env/cluster/pool</c> or <c>env/cluster/pool-0/volume</c>.</summary>
    public ImmutableArray<string> DataLossConsent
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Of a hub: its spokes; of a spoke: its hub.</summary>
    public ImmutableArray<PeeredCluster> Peers
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>What the environment gives; null until it is there.</summary>
    public EnvironmentLink? Link { get; init; }
}

/// <summary>Where a cluster answers.</summary>
/// <param name="EtcdEndpoint"><c>host:port</c> of etcd's balancer, if it has an etcd.</param>
/// <param name="EtcdDnsName">The cluster's etcd name in the public zone, if there is one.</param>
/// <param name="SshEndpoint"><c>host:port</c> of the way to the bastion, if there is one.</param>
public sealed record ClusterOutputs(string? EtcdEndpoint, string? EtcdDnsName, string? SshEndpoint)
{
    /// <summary>Its network, for those that are peered with it.</summary>
    public string? NetworkId { get; init; }
}
