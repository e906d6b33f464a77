using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Requirements;

/// <summary>How an object is marked as its owner's.</summary>
public enum ObjectMark
{
    /// <summary>Labels or tags on the object, written in the call that makes it.</summary>
    Labels,

    /// <summary>The object's name and what it is part of.</summary>
    Name,

    /// <summary>A file or record beside the object, made before it.</summary>
    Companion,

    /// <summary>Nothing: it serves whoever asks for the same, and nobody owns it.</summary>
    None,
}

/// <summary>One kind of object as a provider drives it.</summary>
/// <param name="Kind">The resource kind.</param>
/// <param name="Mark">How it is marked.</param>
/// <param name="EnsureResolution">How a creation is resolved whose reply was lost.</param>
/// <param name="VisibilityBound">Longest time after which reads and lists see an effect.</param>
/// <param name="CallDeadline">Deadline of one call.</param>
/// <param name="HoldsData">Whether its deletion asks for consent.</param>
public sealed record ObjectSheet(
    string Kind, ObjectMark Mark, UnknownResolution EnsureResolution, TimeSpan VisibilityBound, TimeSpan CallDeadline, bool HoldsData)
{
    /// <summary>Takes over what a driver declares.</summary>
    /// <param name="traits">The driver's traits.</param>
    /// <param name="mark">How its objects are marked.</param>
    /// <returns>The sheet.</returns>
    public static ObjectSheet Of(ResourceTraits traits, ObjectMark mark)
    {
        ArgumentNullException.ThrowIfNull(traits);
        return new ObjectSheet(traits.Kind, mark, traits.EnsureResolution, traits.VisibilityBound, traits.CallDeadline, traits.HoldsData);
    }
}
