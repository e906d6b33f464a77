using System.Collections.Immutable;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>The answer to a call that was answered.</summary>
internal sealed record CloudReply
{
    /// <summary>Nothing to tell.</summary>
    public static CloudReply Done { get; } = new();

    /// <summary>Why nothing was done; null where it was.</summary>
    public CloudRefusal? Refusal { get; init; }

    /// <summary>The objects found, or the one made or changed.</summary>
    public ImmutableArray<CloudObject> Objects { get; init; } = [];

    /// <summary>Where the next page of a list begins; null at its end.</summary>
    public long? Next { get; init; }

    /// <summary>Records or contents found, or the one written.</summary>
    public ImmutableArray<CloudRecord> Records { get; init; } = [];

    /// <summary>Of a conditional write: whether its condition held. Of a packet: whether it would come. Of an image: whether the machine was let in.</summary>
    public bool Held { get; init; } = true;

    public static CloudReply Of(params ReadOnlySpan<CloudObject> objects) => new() { Objects = [.. objects] };

    public static CloudReply Refused(ErrorClass error, string message, bool nameTaken = false) => new() { Refusal = new(error, message, nameTaken) };
}

/// <summary>A refusal: certainly nothing was done.</summary>
/// <param name="Error">The class.</param>
/// <param name="Message">What is wrong, and how to mend it.</param>
/// <param name="NameTaken">Whether something of the same name is in the way.</param>
internal sealed record CloudRefusal(ErrorClass Error, string Message, bool NameTaken);

/// <summary>An object as a reader sees it.</summary>
internal sealed record CloudObject(string Id, string Kind, string Name, Tarmak.Providers.Capabilities.OwnerMarks? Marks, int Incarnation, string Parameters, string? Chosen, CloudObjectState State);

/// <summary>How far an object is.</summary>
internal enum CloudObjectState
{
    /// <summary>It is being made.</summary>
    Making,

    /// <summary>It is there.</summary>
    Ready,

    /// <summary>Making or changing it stopped half-way, and an update ends it.</summary>
    Unfinished,

    /// <summary>It is being removed.</summary>
    Deleting,
}

/// <summary>A record or a content.</summary>
internal sealed record CloudRecord(string Key, ReadOnlyMemory<byte> Value, long Version);
