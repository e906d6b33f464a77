namespace Tarmak.Machines.Steps;

/// <summary>How an unknown outcome of an ensure step is resolved.</summary>
public enum UnknownResolution
{
    /// <summary>The call is made again with the same token and the recorded parameters; the provider answers as if it were the first.</summary>
    Replay,

    /// <summary>The object's name is unique and known beforehand: it is looked up by it.</summary>
    UniqueName,

    /// <summary>The object is looked up until the visibility bound has passed; "not found" before proves nothing.</summary>
    Read,
}

/// <summary>What a changed specification means for an object that exists.</summary>
public enum ChangeEffect
{
    /// <summary>Nothing to do.</summary>
    None,

    /// <summary>The ensure step brings the object to the new parameters.</summary>
    Update,

    /// <summary>The object is deleted and made again.</summary>
    Replace,
}

/// <summary>What a driver declares about one kind, as data the machine decides by.</summary>
public sealed record ResourceTraits
{
    /// <summary>The resource kind.</summary>
    public required string Kind { get; init; }

    /// <summary>How an unknown ensure is resolved. An unknown delete is always called again: absent is success.</summary>
    public required UnknownResolution EnsureResolution { get; init; }

    /// <summary>Longest time after which an effect is visible to reads.</summary>
    public TimeSpan VisibilityBound { get; init; } = TimeSpan.Zero;

    /// <summary>Deadline of one call.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether deleting the object loses data, so that consent is needed.</summary>
    public bool HoldsData { get; init; }

    /// <summary>
    /// Whether the object serves whoever asks for the same thing, as a cached image does: deleting gives up this use of
    /// it and leaves the object, so its being there proves nothing afterwards.
    /// </summary>
    public bool Shared { get; init; }

    /// <summary>Compares the parameters an object was made with (first) with the wanted ones (second).</summary>
    public required Func<string, string, ChangeEffect> Compare { get; init; }
}
