namespace Tarmak.Model.Manifests;

/// <summary>Serves one capability, or one use of object storage, by another provider.</summary>
public sealed record CapabilityOverride
{
    /// <summary>Name of the provider that serves it instead.</summary>
    public required string Provider { get; init; }

    /// <summary>For <c>dns</c>: the zone to write in.</summary>
    public string? Zone { get; init; }

    /// <summary>For object storage and its uses: an existing bucket.</summary>
    public string? Bucket { get; init; }
}
