using System.Globalization;
using System.Text.Json.Serialization;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>Machines of one role. Equality is by value.</summary>
public sealed record InstancePoolSpec
{
    /// <summary>Name, unique in its cluster; machines are called <c>name-0</c>, <c>name-1</c>, …</summary>
    public required string Name { get; init; }

    /// <summary>What its machines are.</summary>
    public required PoolRole Role { get; init; }

    /// <summary>Image the machines boot; null takes the provider's own.</summary>
    public string? Image { get; init; }

    /// <summary>tiny, small, medium, large, or a type name of the provider.</summary>
    public required string Size { get; init; }

    /// <summary>Fewest machines.</summary>
    public required int Min { get; init; }

    /// <summary>Most machines; equals <see cref="Min"/> in stateful pools.</summary>
    public required int Max { get; init; }

    /// <summary>What becomes of its data when it is given up.</summary>
    public DeletionPolicy DeletionPolicy { get; init; }

    /// <summary>Highest price an hour to bid for spare capacity; null pays the list price. Stateless pools only.</summary>
    public decimal? SpotPrice { get; init => field = Shortest(value); }

    /// <summary>Zones its machines are spread over in turn; empty means the cluster's zones.</summary>
    public IReadOnlyList<string> Zones { get; init => field = value ?? []; } = [];

    /// <summary>The volume each machine boots from.</summary>
    public RootVolume RootVolume { get; init => field = value ?? new(); } = new();

    /// <summary>Further volumes of each machine.</summary>
    public IReadOnlyList<PoolVolume> Volumes { get; init => field = value ?? []; } = [];

    /// <summary>Kubernetes labels of its nodes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? ModelDefaults.NoText; } = ModelDefaults.NoText;

    /// <summary>Kubernetes taints of its nodes.</summary>
    public IReadOnlyList<PoolTaint> Taints { get; init => field = value ?? []; } = [];

    /// <summary>CIDRs that may reach its load balancer.</summary>
    [JsonPropertyName("allowedCIDRs")]
    public IReadOnlyList<string> AllowedCidrs { get; init => field = value ?? []; } = [];

    /// <summary>Its own Kubernetes version; null takes the cluster's.</summary>
    public string? KubernetesVersion { get; init; }

    /// <summary>Further policies its machines' identity is given at the provider.</summary>
    public IReadOnlyList<string> IdentityPolicies { get; init => field = value ?? []; } = [];

    /// <summary>Whether its size and addresses are fixed and its volumes outlive machines.</summary>
    [JsonIgnore]
    public bool IsStateful => RoleDefinition.Of(Role).IsStateful;

    // 0.10 and 0.1 are one price and must have one hash; a decimal remembers the zeros it was written with.
    private static decimal? Shortest(decimal? price) => price is { } value
        ? decimal.Parse(value.ToString("0.############################", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;

    /// <summary>The name of one of its machines; the first is 0.</summary>
    public string InstanceName(int index) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{index}");

    /// <summary>A pool of that role with every default, named as the role unless a name is given.</summary>
    public static InstancePoolSpec Default(PoolRole role, string? name = null)
    {
        var definition = RoleDefinition.Of(role);
        return new InstancePoolSpec
        {
            Name = name ?? definition.Name,
            Role = role,
            Size = definition.DefaultSize,
            Min = definition.DefaultCount,
            Max = definition.DefaultCount,
            Volumes = definition.DefaultVolume is { } volume ? [volume] : [],
        };
    }

    /// <inheritdoc/>
    public bool Equals(InstancePoolSpec? other) => other is not null && CanonicalJson.Of(this) == CanonicalJson.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Role, Size, Min, Max);
}
