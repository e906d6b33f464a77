namespace Tarmak.Model.Manifests;

/// <summary>Which provider serves one capability, or one use of object storage.</summary>
/// <param name="Key">The capability or use, one of <see cref="OverrideKeys"/>.</param>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Source">The override it comes from, by its key; null: the environment's own provider.</param>
public sealed record CapabilityBinding(string Key, string Provider, string? Source)
{
    /// <summary>For dns: the zone to write in; null: the environment's.</summary>
    public string? Zone { get; init; }

    /// <summary>For uses of object storage: an existing bucket; null: one is made.</summary>
    public string? Bucket { get; init; }

    /// <summary>The field of the environment's manifest that decides it.</summary>
    public string Field => Source is null ? "spec.provider" : $"spec.overrides.{Source}.provider";
}
