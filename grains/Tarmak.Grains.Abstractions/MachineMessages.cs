namespace Tarmak.Grains.Abstractions;

/// <summary>An owner's wish.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.apply")]
public sealed record ApplyMessage
{
    /// <summary>The machine's identity.</summary>
    [Id(0)]
    public required string Uid { get; init; }

    /// <summary>Kind of the owner.</summary>
    [Id(1)]
    public required string ParentKind { get; init; }

    /// <summary>Key of the owner.</summary>
    [Id(2)]
    public required string ParentKey { get; init; }

    /// <summary>Identity of the owner.</summary>
    [Id(3)]
    public required string ParentUid { get; init; }

    /// <summary>Generation of the specification.</summary>
    [Id(4)]
    public required long Generation { get; init; }

    /// <summary>Specification as JSON.</summary>
    [Id(5)]
    public required string Spec { get; init; }

    /// <summary>Of a capability: the bound provider.</summary>
    [Id(6)]
    public string? Provider { get; init; }

    /// <summary>W3C trace context of the command.</summary>
    [Id(7)]
    public string? TraceParent { get; init; }

    /// <summary>Place of the identity in the line of all that its owner ever gave; a late copy is told by it.</summary>
    [Id(8)]
    public long Birth { get; init; }

    /// <summary>Revision of the newest report that the parent had when it sent this.</summary>
    [Id(9)]
    public long Heard { get; init; }
}

/// <summary>A machine's status, as JSON of the machine's own type: the machines on both ends are of one version or read older ones.</summary>
/// <param name="json">The status.</param>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.status")]
public sealed class StatusMessage(string json)
{
    /// <summary>The status.</summary>
    [Id(0)]
    public string Json { get; } = json;
}
