namespace Tarmak.Grains.Abstractions;

/// <summary>A command to create a provider or to change it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.put-provider")]
public sealed record PutProvider
{
    /// <summary>Id of the request and the document within it.</summary>
    [Id(0)]
    public required string RequestId { get; init; }

    /// <summary>The provider's name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The manifest's spec as canonical JSON.</summary>
    [Id(2)]
    public required string Spec { get; init; }

    /// <summary>Labels.</summary>
    [Id(3)]
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>Annotations.</summary>
    [Id(4)]
    public Dictionary<string, string> Annotations { get; init; } = [];

    /// <summary>The resource version it must replace; null: any.</summary>
    [Id(5)]
    public string? ResourceVersion { get; init; }
}
