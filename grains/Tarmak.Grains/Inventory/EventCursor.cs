namespace Tarmak.Grains.Inventory;

/// <summary>A place in the history: one commit may hold several events.</summary>
/// <param name="Revision">The commit.</param>
/// <param name="Ordinal">The event within it, from 0.</param>
public readonly record struct EventCursor(long Revision, int Ordinal)
{
    /// <summary>Before the first event.</summary>
    public static EventCursor Start => After(0);

    /// <summary>After all events of a commit.</summary>
    /// <param name="revision">The commit.</param>
    /// <returns>The place.</returns>
    public static EventCursor After(long revision) => new(revision, int.MaxValue);
}
