using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Load balancing as a provider offers it.</summary>
public sealed record LoadBalancingSheet() : CapabilitySheet(CapabilityNames.LoadBalancing)
{
    /// <summary>Whether endpoints are host names whose addresses change; else they are addresses.</summary>
    public bool HasHostNames { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts => [new("endpoints", HasHostNames ? "host names, whose addresses change" : "addresses")];
}
