using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>What a change is.</summary>
internal enum AccountChangeKind
{
    /// <summary>An object is made.</summary>
    Made,

    /// <summary>An object is changed, or its marks are.</summary>
    Changed,

    /// <summary>An object is being removed, and gone at a time.</summary>
    Leaving,

    /// <summary>A record is written.</summary>
    RecordWritten,

    /// <summary>A record is removed.</summary>
    RecordRemoved,

    /// <summary>A bucket's key, or a repository's image, is written.</summary>
    ContentWritten,

    /// <summary>A bucket's key is removed.</summary>
    ContentRemoved,
}

/// <summary>One change of an account. All it holds comes of these, in their order; what only passing time does is in none.</summary>
/// <param name="What">What it is.</param>
/// <param name="At">When, in ticks.</param>
internal sealed record AccountChange(AccountChangeKind What, long At)
{
    /// <summary>Number of the object; of contents, of the bucket or repository.</summary>
    public long Number { get; init; }

    /// <summary>Resource kind, or kind of record.</summary>
    public string? Kind { get; init; }

    /// <summary>Name of the object, key, or tag.</summary>
    public string? Name { get; init; }

    /// <summary>Whether nobody else may have the name.</summary>
    public bool IsUniqueName { get; init; }

    /// <summary>Idempotency token.</summary>
    public string? Token { get; init; }

    /// <summary>Marks.</summary>
    public OwnerMarks? Marks { get; init; }

    /// <summary>Incarnation in the marks.</summary>
    public int Incarnation { get; init; }

    /// <summary>Specification.</summary>
    public string? Parameters { get; init; }

    /// <summary>What the cloud chose.</summary>
    public string? Chosen { get; init; }

    /// <summary>When it is made, or gone, in ticks.</summary>
    public long Until { get; init; }

    /// <summary>Whether it stopped half-way.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>The value written.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Its version.</summary>
    public long Version { get; init; }
}
