using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Peering as a provider offers it.</summary>
public sealed record PeeringSheet() : CapabilitySheet(CapabilityNames.NetworkPeering)
{
    /// <summary>Whether a way may lead to a network of another account or another cloud, where that side's sheet says so too.</summary>
    public bool LeadsElsewhere { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts => [new("ways", LeadsElsewhere ? "to networks anywhere that accept them" : "between networks of one account")];
}
