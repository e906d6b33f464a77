namespace Tarmak.Model.Manifests;

/// <summary>The volume a machine boots from; it goes with its machine.</summary>
public sealed record RootVolume
{
    /// <summary>Size in GiB.</summary>
    public int SizeGiB { get; init; } = ModelDefaults.RootVolumeGiB;

    /// <summary>What it is made of.</summary>
    public VolumeClass Class { get; init; }
}
