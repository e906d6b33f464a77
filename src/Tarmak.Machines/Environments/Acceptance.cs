using System.Collections.Immutable;
using Tarmak.Model.Manifests;

namespace Tarmak.Machines.Environments;

/// <summary>Accepts commands into an environment's wish, or refuses them: pure, so that both hosts decide alike.</summary>
public static class Acceptance
{
    /// <summary>Puts the environment's own manifest.</summary>
    /// <param name="desired">The present wish.</param>
    /// <param name="spec">The new spec.</param>
    /// <param name="labels">Labels.</param>
    /// <param name="annotations">Annotations.</param>
    /// <param name="resourceVersion">The version it must replace; null: any.</param>
    /// <returns>The decision.</returns>
    public static Decision PutEnvironment(
        EnvironmentDesired desired, EnvironmentSpec spec,
        ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> annotations, string? resourceVersion)
    {
        if (Stale(resourceVersion, desired.Environment?.Version) is { } refusal)
        {
            return refusal;
        }

        var (declared, action) = Declare(desired, desired.Environment, spec, labels, annotations);
        return Accept(
            desired with
            {
                Environment = declared,
                Places = BoundPlace.Followed(desired, spec),
                Changes = Math.Max(desired.Changes, declared.Version),
            },
            action, declared.Generation);
    }

    /// <summary>Puts a cluster's manifest.</summary>
    /// <param name="desired">The present wish.</param>
    /// <param name="name">The cluster's name.</param>
    /// <param name="spec">The new spec.</param>
    /// <param name="labels">Labels.</param>
    /// <param name="annotations">Annotations.</param>
    /// <param name="resourceVersion">The version it must replace; null: any.</param>
    /// <param name="consent">Pools whose data may be lost.</param>
    /// <returns>The decision.</returns>
    public static Decision PutCluster(
        EnvironmentDesired desired, string name, ClusterSpec spec,
        ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> annotations,
        string? resourceVersion, ImmutableArray<string> consent)
    {
        if (desired.Environment is null)
        {
            return Decision.Refuse("The environment does not exist; apply its manifest first or with the cluster's.", precondition: true);
        }

        var present = desired.Clusters.GetValueOrDefault(name);
        if (Stale(resourceVersion, present?.Manifest.Version) is { } refusal)
        {
            return refusal;
        }

        if (present is not null && present.Manifest.Spec.Type != spec.Type)
        {
            return Decision.Refuse(
                $"Cluster {name} is of type {Text(present.Manifest.Spec.Type)} and cannot become {Text(spec.Type)}; declare a cluster of another name.", precondition: false);
        }

        if (spec.Type == ClusterType.Multi && desired.Clusters.All(c => c.Value.Manifest.Spec.Type != ClusterType.Hub))
        {
            return Decision.Refuse($"Cluster {name} is of type multi, and there is no hub for it; apply a cluster named hub of type hub first or with it.", precondition: true);
        }

        if (OverlapWith(desired, name, spec) is { } other)
        {
            return Decision.Refuse($"Network {spec.Network.Cidr} of cluster {name} overlaps cluster {other}; give one of them another range.", precondition: false);
        }

        var (declared, action) = Declare(desired, present?.Manifest, spec, labels, annotations);
        if (present is not null && present.Manifest.Spec.Equals(spec))
        {
            // Consent can come after the change it is for; once given it stays, and giving it is a change.
            ImmutableArray<string> all = [.. present.DataLossConsent.Union(consent, StringComparer.Ordinal)];
            action = all.Length > present.DataLossConsent.Length ? "changed" : action;
            consent = all;
        }

        var lives = present is null ? desired.Lives + 1 : desired.Lives;
        return Accept(
            desired with
            {
                Clusters = desired.Clusters.SetItem(name, new DeclaredCluster(declared, consent) { Life = present?.Life ?? lives }),
                Lives = lives,
                Changes = Math.Max(desired.Changes, declared.Version),
            },
            action, declared.Generation);
    }

    /// <summary>Deletes a cluster.</summary>
    /// <param name="desired">The present wish.</param>
    /// <param name="name">The cluster's name.</param>
    /// <param name="dataLossConsent">Whether its data may go.</param>
    /// <returns>The decision.</returns>
    public static Decision DeleteCluster(EnvironmentDesired desired, string name, bool dataLossConsent)
    {
        var present = desired.Clusters.GetValueOrDefault(name);
        if (present is null && !desired.Leaving.ContainsKey(name))
        {
            return Accept(desired, "absent", 0);
        }

        if (present?.Manifest.Spec.Type == ClusterType.Hub && Spokes(desired) is { Count: > 0 } spokes)
        {
            return Decision.Refuse(
                $"Cluster {name} is the hub of {string.Join(", ", spokes)}, which would be left without it. Delete them first, or in the same command.", precondition: true);
        }

        // Consent stays with the deletion it was given for; a cluster that took the name since needs its own.
        var consent = dataLossConsent || (present is null && desired.Leaving.GetValueOrDefault(name));
        return Accept(
            desired with { Clusters = desired.Clusters.Remove(name), Leaving = desired.Leaving.SetItem(name, consent) },
            "deleting", present?.Manifest.Generation ?? 0);
    }

    /// <summary>Names of the clusters that stand on the environment's hub.</summary>
    /// <param name="desired">The present wish.</param>
    /// <returns>The names, in order.</returns>
    public static IReadOnlyList<string> Spokes(EnvironmentDesired desired) =>
        [.. desired.Clusters.Where(c => c.Value.Manifest.Spec.Type == ClusterType.Multi).Select(c => c.Key)];

    private static (Declared<T> Declared, string Action) Declare<T>(
        EnvironmentDesired desired, Declared<T>? present, T spec, ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> annotations)
        where T : class, IEquatable<T>
    {
        var version = desired.Changes + 1;
        if (present is null)
        {
            return (new Declared<T>(1, spec, labels, annotations) { Version = version }, "created");
        }

        var sameSpec = present.Spec.Equals(spec);
        var sameMarks = present.Labels.SequenceEqual(labels) && present.Annotations.SequenceEqual(annotations);
        return sameSpec && sameMarks
            ? (present, "unchanged")
            : (new Declared<T>(sameSpec ? present.Generation : present.Generation + 1, spec, labels, annotations) { Version = version }, "changed");
    }

    private static string Text(ClusterType type) => type.ToString().ToLowerInvariant();

    private static string? OverlapWith(EnvironmentDesired desired, string name, ClusterSpec spec)
    {
        var cidr = Model.Networking.Cidr.Parse(spec.Network.Cidr);
        return desired.Clusters
            .Where(c => c.Key != name && Model.Networking.Cidr.Parse(c.Value.Manifest.Spec.Network.Cidr).Overlaps(cidr))
            .Select(c => c.Key)
            .FirstOrDefault();
    }

    private static Decision? Stale(string? wanted, long? present) =>
        wanted is null || wanted == (present ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture)
            ? null
            : Decision.Refuse(
                $"metadata.resourceVersion is {wanted}, but the resource is at {present ?? 0}; get it again, or leave resourceVersion out to replace whatever is there.",
                precondition: true);

    private static Decision Accept(EnvironmentDesired desired, string action, long generation) => new(desired, action, generation, null, false);
}

/// <summary>What became of a command.</summary>
/// <param name="Desired">The wish after it; null when refused.</param>
/// <param name="Action">What it did: <c>created</c>, <c>changed</c>, <c>unchanged</c>, <c>deleting</c>, <c>absent</c>.</param>
/// <param name="Generation">Generation of the resource after it.</param>
/// <param name="Refusal">Why it was refused, in one sentence.</param>
/// <param name="Precondition">Whether the refusal is about the state rather than the request.</param>
public sealed record Decision(EnvironmentDesired? Desired, string Action, long Generation, string? Refusal, bool Precondition)
{
    internal static Decision Refuse(string why, bool precondition) => new(null, "", 0, why, precondition);
}
