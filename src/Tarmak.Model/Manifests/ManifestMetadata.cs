using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>What identifies and describes a manifest. Equality is by value, order of labels aside.</summary>
public sealed record ManifestMetadata
{
    /// <summary>Name of the resource.</summary>
    public required string Name { get; init; }

    /// <summary>The environment a cluster belongs to; null for the other kinds.</summary>
    public string? Environment { get; init; }

    /// <summary>The user's own marks, to select by.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? ModelDefaults.NoText; } = ModelDefaults.NoText;

    /// <summary>The user's own notes.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init => field = value ?? ModelDefaults.NoText; } = ModelDefaults.NoText;

    /// <summary>A precondition: apply only if the stored resource still has this version. Null applies in any case.</summary>
    public string? ResourceVersion { get; init; }

    /// <inheritdoc/>
    public bool Equals(ManifestMetadata? other) =>
        other is not null && CanonicalJson.Of(this) == CanonicalJson.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Environment, ResourceVersion);
}
