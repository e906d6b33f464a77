using Tarmak.Model.Serialization;
using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>What the clusters of an environment share. Equality is by value.</summary>
public sealed record EnvironmentSpec
{
    /// <summary>The provider that serves every capability not overridden.</summary>
    public required string Provider { get; init; }

    /// <summary>Region or site at the provider; null takes the provider's only or default one.</summary>
    public string? Location { get; init; }

    /// <summary>DNS zones of the environment.</summary>
    public EnvironmentDns Dns { get; init => field = value ?? new(); } = new();

    /// <summary>CIDRs operators come from: they may reach the bastion.</summary>
    [JsonPropertyName("adminCIDRs")]
    public IReadOnlyList<string> AdminCidrs { get; init => field = value ?? []; } = [];

    /// <summary>Other providers for single capabilities or uses of object storage, by <see cref="OverrideKeys"/>.</summary>
    public IReadOnlyDictionary<string, CapabilityOverride> Overrides { get; init => field = value ?? ModelDefaults.NoOverrides; } = ModelDefaults.NoOverrides;

    /// <summary>The environment's edge; null leaves its ports to the engine.</summary>
    public EdgeSpec? Edge { get; init; }

    /// <summary>Repositories of container images that instances of all its clusters may pull from; null where there are none.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <inheritdoc/>
    public bool Equals(EnvironmentSpec? other) => other is not null && CanonicalJson.Of(this) == CanonicalJson.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Provider, Location, Dns, Edge);
}
