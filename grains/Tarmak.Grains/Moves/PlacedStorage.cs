using System.Collections.Immutable;

namespace Tarmak.Grains.Moves;

/// <summary>Where an environment's objects of one use are.</summary>
/// <param name="InForce">The bucket in force: reads come from it, and it decides what is written.</param>
/// <param name="Copies">Buckets that have a whole copy which may be in force next; what is written is written there too.</param>
internal sealed record PlacedStorage(PlacedBucket InForce, ImmutableArray<PlacedBucket> Copies) : IPlaced<PlacedStorage>
{
    /// <inheritdoc/>
    public bool IsAs(PlacedStorage other) => InForce == other.InForce && Copies.SequenceEqual(other.Copies);
}
