using System.Collections.Immutable;
using System.Globalization;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Machines as a provider offers them.</summary>
public sealed record ComputeSheet() : CapabilitySheet(CapabilityNames.Compute)
{
    /// <summary>Sizes a pool may name.</summary>
    public required ImmutableArray<string> Sizes { get; init; }

    /// <summary>Whether a pool may also name a machine type of the provider's own.</summary>
    public bool TakesOwnTypes { get; init; }

    /// <summary>Most zones a cluster may be spread over.</summary>
    public int MostZones { get; init; } = 1;

    /// <summary>Whether spare capacity can be bid for.</summary>
    public bool HasSpot { get; init; }

    /// <summary>Whether the volume a machine boots from can be chosen.</summary>
    public bool HasRootVolumes { get; init; }

    /// <summary>Whether machines run their images. Where they do not, no agent ever reports from one.</summary>
    public bool RunsImages { get; init; } = true;

    /// <summary>Where operators and clients can come from, as a CIDR; null: from anywhere.</summary>
    public string? ReachableFrom { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("sizes", string.Join(", ", Sizes) + (TakesOwnTypes ? ", or a machine type of the provider's own" : "")),
        new("zones of a cluster", MostZones == 1 ? "1" : string.Create(CultureInfo.InvariantCulture, $"up to {MostZones}")),
        new("spare capacity", HasSpot ? "yes" : "no"),
        new("root volumes", HasRootVolumes ? "as declared" : "what the host gives"),
        new("machines", RunsImages ? "run their images" : "run nothing"),
        new("reachable from", ReachableFrom ?? "anywhere the firewall lets in"),
    ];
}
