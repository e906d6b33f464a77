using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Machine images as a provider offers them.</summary>
public sealed record MachineImagesSheet() : CapabilitySheet(CapabilityNames.MachineImages)
{
    /// <summary>Whether a pool may name an image of the user's.</summary>
    public bool TakesNamedImages { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts => [new("images", TakesNamedImages ? "the base image, or one a pool names" : "the base image only")];
}
