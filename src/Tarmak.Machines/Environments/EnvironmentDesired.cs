using System.Collections.Immutable;
using Tarmak.Model.Manifests;

namespace Tarmak.Machines.Environments;

/// <summary>Everything an environment was asked for: its own manifest, its clusters', and what the engine adds.</summary>
public sealed record EnvironmentDesired
{
    /// <summary>The environment's manifest; null until it was put.</summary>
    public Declared<EnvironmentSpec>? Environment { get; init; }

    /// <summary>Its clusters' manifests, by name.</summary>
    public ImmutableSortedDictionary<string, DeclaredCluster> Clusters { get; init; } =
        ImmutableSortedDictionary.Create<string, DeclaredCluster>(StringComparer.Ordinal);

    /// <summary>Clusters asked to be deleted, with whether their data may go. An entry outlives its cluster; the next deletion of the name replaces it.</summary>
    public ImmutableSortedDictionary<string, bool> Leaving { get; init; } =
        ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal);

    /// <summary>
    /// Of what was ever bound anew: all places it was bound to, in the order of their first use. A place's number is part of
    /// the names of what is kept there. Null: nothing was.
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableArray<BoundPlace>>? Places
    {
        get;

        // Generated readers know no comparer.
        init => field = value?.WithComparers(StringComparer.Ordinal);
    }

    /// <summary>Names of all providers it is or was bound to.</summary>
    /// <returns>The names.</returns>
    public IReadOnlySet<string> Providers()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        if (Environment is { Spec: var spec })
        {
            names.Add(spec.Provider);
            names.UnionWith(spec.Overrides.Values.Select(o => o.Provider));
        }

        if (Places is { } lines)
        {
            names.UnionWith(lines.Values.SelectMany(line => line).Select(place => place.Provider));
        }

        return names;
    }

    /// <summary>Clusters declared so far, names used again counted again.</summary>
    public long Lives { get; init; }

    /// <summary>Changes of manifests accepted so far, under all identities of the environment; each document's version is the number of its last.</summary>
    public long Changes { get; init; }

    /// <summary>PEM of the engine's authority.</summary>
    public string AuthorityCertificate { get; init; } = "";

    /// <summary>SHA-256 (hex) of the engine authority's public key.</summary>
    public string AuthorityPin { get; init; } = "";

    /// <summary>Public SSH keys that may log in.</summary>
    public ImmutableArray<string> AuthorizedKeys { get; init; } = [];
}

/// <summary>A manifest as accepted.</summary>
/// <typeparam name="TSpec">Type of its spec.</typeparam>
/// <param name="Generation">Rises with each changed spec, from 1.</param>
/// <param name="Spec">The spec, defaults filled in.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Annotations">Annotations.</param>
public sealed record Declared<TSpec>(
    long Generation, TSpec Spec, ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Annotations)
    where TSpec : class
{
    /// <summary>Tells one accepted form of the document from all others: it rises with each change of spec, labels or annotations, also over names used again.</summary>
    public long Version { get; init; }
}

/// <summary>A cluster's manifest as accepted.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="DataLossConsent">Pools whose data may be lost, as <c>env/cluster/pool</c>, or <c>all</c>.</param>
public sealed record DeclaredCluster(Declared<ClusterSpec> Manifest, ImmutableArray<string> DataLossConsent)
{
    /// <summary>Tells a cluster from an earlier one of its name that was asked to be deleted.</summary>
    public long Life { get; init; }
}
