namespace Tarmak.Grains.Abstractions;

/// <summary>Keeps the installation's provider manifests; key <c>providers</c>.</summary>
[Alias("tarmak.providers")]
public interface IProviderSettingsGrain : IGrainWithStringKey
{
    /// <summary>All providers, by name.</summary>
    /// <returns>The providers.</returns>
    [Alias("list")]
    Task<StoredProvider[]> ListAsync();

    /// <summary>Creates or changes a provider; one that was to be deleted stays.</summary>
    /// <param name="command">What it is to be; a repeated request id gets the first answer again.</param>
    /// <returns>What became of it.</returns>
    [Alias("put")]
    Task<AcceptResult> PutAsync(PutProvider command);

    /// <summary>Deletes a provider: now, or, durably accepted, once no environment uses it any more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="requestId">Id of the request and the document within it; a repeated one gets the first answer again. Null: it is no request's.</param>
    /// <returns>What became of it.</returns>
    [Alias("delete")]
    Task<AcceptResult> DeleteAsync(string name, string? requestId = null);

    /// <summary>Lets those providers go that are to be deleted and that no environment uses any more.</summary>
    /// <returns>Names of those that went.</returns>
    [Alias("let-go")]
    Task<string[]> LetGoAsync();
}

/// <summary>A stored provider.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.provider")]
public sealed record StoredProvider
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Its identity.</summary>
    [Id(1)]
    public required string Uid { get; init; }

    /// <summary>Rises with each changed spec.</summary>
    [Id(2)]
    public required long Generation { get; init; }

    /// <summary>The manifest's spec as canonical JSON.</summary>
    [Id(3)]
    public required string Spec { get; init; }

    /// <summary>Labels.</summary>
    [Id(4)]
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>When it was created.</summary>
    [Id(5)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Annotations.</summary>
    [Id(6)]
    public Dictionary<string, string> Annotations { get; init; } = [];

    /// <summary>Rises with each change of spec, labels or annotations, also over names used again.</summary>
    [Id(7)]
    public long Version { get; init; }

    /// <summary>Whether it is to go once no environment uses it any more.</summary>
    [Id(8)]
    public bool Deleting { get; init; }
}
