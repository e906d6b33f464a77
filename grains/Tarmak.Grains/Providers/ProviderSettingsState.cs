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

    /// <summary>Changes accepted so far; a provider's version is the number of its last.</summary>
    [Id(2)]
    public long Changes { get; init; }

    /// <summary>The answer of the last write. It is in the same record as what it did, and copied to the others from here.</summary>
    [Id(3)]
    public AnsweredRequest? LastAnswer { get; init; }
}
