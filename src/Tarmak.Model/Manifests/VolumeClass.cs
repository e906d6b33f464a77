using System.Text.Json.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>What a volume is made of.</summary>
public enum VolumeClass
{
    /// <summary>Solid state.</summary>
    [JsonStringEnumMemberName("ssd")]
    Ssd,

    /// <summary>Spinning disk.</summary>
    [JsonStringEnumMemberName("hdd")]
    Hdd,
}
