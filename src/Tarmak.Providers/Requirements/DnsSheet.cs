using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>DNS as a provider offers it.</summary>
public sealed record DnsSheet() : CapabilitySheet(CapabilityNames.Dns)
{
    /// <summary>Whether zones are served on the environment's edge, so that only environments whose machines are in the same cloud can use it.</summary>
    public bool NeedsEdge { get; init; }

    /// <summary>Whether a zone can be made; else it must be there, and is used as it is.</summary>
    public bool MakesZones { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("zones", MakesZones ? "made and removed" : "must be there; only records in them are made"),
        new("served", NeedsEdge ? "on the environment's edge" : "for any environment"),
    ];
}
