namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>The kinds of object the simulated cloud has.</summary>
internal static class SimulatedKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SimulatedKind> All { get; } =
    [
        Images.Kind, Networks.Kind, EdgeAttachments.Kind, Edges.Kind, Machines.Kind, Volumes.Kind, Zones.Kind, RecordSets.Kind, Balancers.Kind, Targets.Kind, Buckets.Kind,
        FirewallGroups.Kind, FirewallRuleSets.Kind, PeeringOffers.Kind, PeeringAcceptances.Kind, Identities.Kind, Repositories.Kind,
    ];

    private static readonly Dictionary<string, SimulatedKind> s_byName = All.ToDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>The kind of a name.</summary>
    public static SimulatedKind? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The kind an id is of, and its number.</summary>
    public static SimulatedKind? OfId(string id, out long number)
    {
        foreach (var kind in All)
        {
            if (kind.TryNumber(id, out number))
            {
                return kind;
            }
        }

        number = 0;
        return null;
    }
}
