using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Instances;

/// <summary>Everything an instance was asked for, and what its pool gives it.</summary>
public sealed record InstanceDesired
{
    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The pool it is in.</summary>
    public required InstancePoolSpec Pool { get; init; }

    /// <summary>Index in the pool, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Fixed address.</summary>
    public required string Address { get; init; }

    /// <summary>The cluster's network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The edge's address in that network.</summary>
    public required string EdgeAddress { get; init; }

    /// <summary>The cluster's etcd members.</summary>
    public ImmutableArray<EtcdMember> EtcdMembers { get; init; } = [];

    /// <summary>Public name of the cluster's etcd, if there is a public zone.</summary>
    public string? EtcdPublicName { get; init; }

    /// <summary>The balancer it stands behind, if any.</summary>
    public string? LoadBalancerId { get; init; }

    /// <summary>The firewall group of its role.</summary>
    public required string FirewallGroupId { get; init; }

    /// <summary>Address or host name of that balancer, where it is not the edge's.</summary>
    public string? LoadBalancerHost { get; init; }

    /// <summary>What may be lost of its data, as <c>all</c>, <c>env/cluster/pool</c> or <c>env/cluster/pool-0/volume</c>.</summary>
    public ImmutableArray<string> DataLossConsent
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>What the environment gives.</summary>
    public required EnvironmentLink Link { get; init; }
}
