namespace Tarmak.Providers.Capabilities;

/// <summary>Whose object a driver's call is about.</summary>
public sealed record ResourceCall
{
    /// <summary>The owner and what the object's marks say.</summary>
    public required OwnerMarks Marks { get; init; }

    /// <summary>Provider-side name, unique within the account: readable, and ending in a short hash of installation, key and kind.</summary>
    public required string Name { get; init; }

    /// <summary>Which object in the line of replacements this is, from 1.</summary>
    public required int Incarnation { get; init; }

    /// <summary>Idempotency token.</summary>
    public required string Token { get; init; }

    /// <summary>The provider's id, where known.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Handle of a step in progress, when it is asked after.</summary>
    public string? Handle { get; init; }
}
