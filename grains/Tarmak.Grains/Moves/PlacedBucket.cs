namespace Tarmak.Grains.Moves;

/// <summary>A bucket at one of the places that a use of object storage was bound to.</summary>
/// <param name="Place">Number of the place.</param>
/// <param name="Provider">Name of the provider there.</param>
/// <param name="BucketId">The provider's id of the bucket.</param>
internal sealed record PlacedBucket(int Place, string Provider, string BucketId);
