using Tarmak.Grains.Abstractions;

namespace Tarmak.Grains.Providers;

/// <summary>The stored provider manifests.</summary>
[GenerateSerializer]
[Alias("tarmak.provider-settings")]
public sealed record ProviderSettingsState
{
    /// <summary>Version of this record's shape.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>The providers, by name.</summary>
    [Id(1)]
    public Dictionary<string, StoredProvider> Providers { get; init; } = [];
}
