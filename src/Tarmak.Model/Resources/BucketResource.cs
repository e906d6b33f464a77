namespace Tarmak.Model.Resources;

/// <summary>A bucket.</summary>
/// <param name="Use"><c>state</c>, <c>configuration</c> or <c>backups</c>.</param>
public sealed record BucketSpec(string Use);

/// <summary>The bucket.</summary>
/// <param name="BucketId">The provider's id.</param>
public sealed record BucketOutputs(string BucketId);
