using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Volumes as a provider offers them.</summary>
public sealed record VolumesSheet() : CapabilitySheet(CapabilityNames.Volumes)
{
    /// <summary>Classes a volume may be of.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Whether a volume is tied to one zone.</summary>
    public bool IsZonal { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("classes", string.Join(", ", Classes)),
        new("tied to a zone", IsZonal ? "yes" : "no"),
    ];
}
