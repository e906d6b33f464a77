namespace Tarmak.Machines.State;

/// <summary>What a child tells its parent.</summary>
/// <param name="Address">The child.</param>
/// <param name="Uid">Its identity.</param>
/// <param name="Revision">Rises with each report; a parent drops older ones.</param>
/// <param name="Generation">The generation the child was last given.</param>
/// <param name="SpecHash">Hash of the specification it was last given.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="Condition">The condition that matters.</param>
/// <param name="Outputs">Outputs as JSON, once known.</param>
public sealed record ChildStatus(
    MachineAddress Address, string Uid, long Revision, long Generation, string SpecHash, Phase Phase,
    Condition? Condition, string? Outputs)
{
    /// <summary>Whether the child waits for a word from its parent, and tells it again until it comes.</summary>
    public bool Unheard { get; init; }
}
