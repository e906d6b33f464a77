namespace Tarmak.Model.Resources;

/// <summary>What a volume is to be. A volume outlives the machines it is attached to.</summary>
/// <param name="SizeGiB">Size in GiB.</param>
/// <param name="Class"><c>ssd</c> or <c>hdd</c>.</param>
/// <param name="Zone">The zone it must be in, where the provider has zones.</param>
public sealed record VolumeSpec(int SizeGiB, string Class, string? Zone);

/// <summary>The volume.</summary>
/// <param name="VolumeId">The provider's id.</param>
public sealed record VolumeOutputs(string VolumeId);
