using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Acme;

/// <summary>What Acme offers, needs and cannot do. The kit fails the provider where this is not so.</summary>
internal static class AcmeSheet
{
    /// <summary>Where volumes are.</summary>
    public static readonly Requirement Folder = new(RequirementKind.Place, "folder", "Volumes are folders below the engine's home.");

    /// <summary>The sheet.</summary>
    public static RequirementSheet Sheet { get; } = new()
    {
        Type = AcmeProviderFactory.TypeName,
        Summary = "Volumes as folders of one machine.",
        Requirements = [Folder],
        Capabilities =
        [
            new VolumesSheet
            {
                Classes = ["ssd", "hdd"],
                Objects = [ObjectSheet.Of(VolumeDriver.Declared, ObjectMark.Companion)],
                Limitations = ["Sizes are not enforced."],
            },
        ],
    };
}
