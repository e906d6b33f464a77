using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>
/// What sheets say of a capability that is taken from another provider than the machines'. Manifests are refused by it, and
/// the conformance kit checks what it does not exclude.
/// </summary>
public static class Elsewhere
{
    /// <summary>The capability that serves what an environment binds.</summary>
    /// <param name="key">One of <see cref="OverrideKeys"/>.</param>
    /// <returns>Its name in manifests.</returns>
    public static string CapabilityOf(string key) => OverrideKeys.StorageUses.Contains(key) ? CapabilityNames.ObjectStorage : key;

    /// <summary>Why a provider cannot serve a capability for machines of another one.</summary>
    /// <param name="machines">The sheet of the machines' provider.</param>
    /// <param name="other">The sheet of the provider that is to serve it.</param>
    /// <param name="key">One of <see cref="OverrideKeys"/>.</param>
    /// <returns>A clause that begins with the provider as "which" or "whose"; null where nothing excludes it.</returns>
    public static string? Excludes(RequirementSheet machines, RequirementSheet other, string key)
    {
        ArgumentNullException.ThrowIfNull(machines);
        ArgumentNullException.ThrowIfNull(other);
        var capability = CapabilityOf(key);
        return (capability, other.Find(capability)) switch
        {
            (_, null) => $"which offers no {capability}",
            (_, StoreSheet store) when store.WaysFrom(isElsewhere: true).IsEmpty => $"whose {capability} lets in machines of its own only",
            (_, DnsSheet { NeedsEdge: true }) => "which serves zones beside its own machines only",
            (CapabilityNames.NetworkPeering, _) when !LeadElsewhere(machines, other) => "whose networks have no ways to those of the machines' provider",
            (CapabilityNames.NetworkPeering, _) => null,
            _ when Bindings.Placed.Contains(capability) => $"whose {capability} is for machines of its own only",
            _ => null,
        };
    }

    private static bool LeadElsewhere(RequirementSheet machines, RequirementSheet other) =>
        machines.Find<PeeringSheet>() is { LeadsElsewhere: true } && other.Find<PeeringSheet>() is { LeadsElsewhere: true };
}
