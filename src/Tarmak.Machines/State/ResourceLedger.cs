namespace Tarmak.Machines.State;

/// <summary>What a capability machine knows of its one object, and of the operation under way.</summary>
public sealed record ResourceLedger
{
    /// <summary>Name of the provider the object is bound to.</summary>
    public required string Provider { get; init; }

    /// <summary>Which object in the line of replacements is meant, from 1. Rises only once the previous one is known to be gone.</summary>
    public int Incarnation
    {
        get;
        init => field = Math.Max(1, value);
    }
    = 1;

    /// <summary>The object, if one is known.</summary>
    public ResourceObject? Object { get; init; }

    /// <summary>The effect that was decided and committed, and whose outcome is not known yet.</summary>
    public Intent? Intent { get; init; }

    /// <summary>Whether the object may not be as its parameters ask, so that an ensure is due.</summary>
    public bool Doubt { get; init; }

    /// <summary>Whether the object must be looked at before it is believed to be as recorded.</summary>
    public bool CheckDue { get; init; }

    /// <summary>
    /// An object nobody recorded may exist or yet appear: before this time "not found" proves nothing, and after it
    /// one look is still due. Null: there is none.
    /// </summary>
    public DateTimeOffset? UnsureUntil { get; init; }

    /// <summary>
    /// An ensure was sent more than once, and until this time an earlier copy may still land and undo a later one;
    /// then the object is looked at. Null: no need.
    /// </summary>
    public DateTimeOffset? RecheckAt { get; init; }

    /// <summary>The object last known to be gone.</summary>
    public GoneObject? Gone { get; init; }
}

/// <summary>An object that is gone. A read that shows it sees the past, as long as reads may.</summary>
/// <param name="ObjectId">The provider's id. Where ids are names, the next incarnation has the same.</param>
/// <param name="ShownUntil">After this time what is seen under the id is there.</param>
public sealed record GoneObject(string ObjectId, DateTimeOffset ShownUntil);

/// <summary>The object of a capability machine.</summary>
/// <param name="ObjectId">The provider's id.</param>
/// <param name="Created">True: made by this machine, and deleted by it. False: brought by the user, never deleted.</param>
/// <param name="Parameters">The parameters it was made or updated with, as JSON.</param>
/// <param name="SpecHash">Hash of <paramref name="Parameters"/>.</param>
/// <param name="Since">When it was recorded.</param>
public sealed record ResourceObject(string ObjectId, bool Created, string Parameters, string SpecHash, DateTimeOffset Since);
