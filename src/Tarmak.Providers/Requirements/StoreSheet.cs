using System.Collections.Immutable;

namespace Tarmak.Providers.Requirements;

/// <summary>A store as a provider offers it: secrets, objects or images that instances are granted.</summary>
/// <param name="Capability">Its name in manifests.</param>
public sealed record StoreSheet(string Capability) : CapabilitySheet(Capability)
{
    /// <summary>The ways in which it can be granted.</summary>
    public required ImmutableArray<GrantWay> Ways { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("granted", string.Join(", ", Ways.Select(way => way switch
        {
            GrantWay.Native => "to its own machines, by itself",
            GrantWay.Presigned => "by addresses that are good for a while",
            _ => "through the engine",
        }))),
    ];

    /// <summary>The ways that are left where the store is bound.</summary>
    /// <param name="isElsewhere">Whether the machines are of another provider than the store: it does not know them, so that nothing is native.</param>
    /// <returns>The ways; empty where it cannot be used so.</returns>
    public ImmutableArray<GrantWay> WaysFrom(bool isElsewhere) => isElsewhere ? Ways.Remove(GrantWay.Native) : Ways;
}
