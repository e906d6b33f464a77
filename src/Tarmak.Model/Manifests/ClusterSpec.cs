using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>What a cluster shall be. Equality is by value.</summary>
public sealed record ClusterSpec
{
    /// <summary>How it stands to the others of its environment.</summary>
    public ClusterType Type { get; init; }

    /// <summary>True holds the engine off: nothing is changed until it is false again.</summary>
    public bool Paused { get; init; }

    /// <summary>Address ranges.</summary>
    public ClusterNetwork Network { get; init => field = value ?? new(); } = new();

    /// <summary>Its Kubernetes; null declares an etcd cluster with a bastion.</summary>
    public KubernetesSpec? Kubernetes { get; init; }

    /// <summary>Its machines, pool by pool.</summary>
    public IReadOnlyList<InstancePoolSpec> InstancePools { get; init => field = value ?? []; } = [];

    /// <summary>Repositories of container images that its instances may pull from; null where there are none.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>The pool of that name, or null.</summary>
    public InstancePoolSpec? Pool(string name) => InstancePools.FirstOrDefault(p => p.Name == name);

    /// <summary>
    /// The zones its pools name, in the order they first appear, or one zone <c>a</c> where none names any.
    /// A zone's index in this list is its index in the subnet plan.
    /// </summary>
    public IReadOnlyList<string> Zones()
    {
        var named = InstancePools.SelectMany(p => p.Zones).Distinct(StringComparer.Ordinal).ToArray();
        return named.Length == 0 ? [ModelDefaults.OnlyZone] : named;
    }

    /// <inheritdoc/>
    public bool Equals(ClusterSpec? other) => other is not null && CanonicalJson.Of(this) == CanonicalJson.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Paused, Network, Kubernetes, InstancePools.Count);
}
