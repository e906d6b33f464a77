namespace Tarmak.Model.Manifests;

/// <summary>A further volume of every machine of a pool. In stateful pools it outlives its machine.</summary>
public sealed record PoolVolume
{
    /// <summary>Name, unique in its pool.</summary>
    public required string Name { get; init; }

    /// <summary>Size in GiB.</summary>
    public required int SizeGiB { get; init; }

    /// <summary>What it is made of.</summary>
    public VolumeClass Class { get; init; }
}
