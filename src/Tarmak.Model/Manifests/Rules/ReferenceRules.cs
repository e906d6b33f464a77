using Tarmak.Model.Manifests.Fields;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What manifests name must be there: in the set or on the server.</summary>
internal static class ReferenceRules
{
    public static void Check(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var providers = Names(ManifestKind.Provider, incoming, existing.Providers.Select(p => p.Manifest.Key));
        var environments = Names(ManifestKind.Environment, incoming, existing.Environments.Select(e => e.Manifest.Key));
        foreach (var (environment, source) in incoming.Environments)
        {
            Check(environment.Spec.Provider, "provider", providers, "spec.provider", source, problems);
            foreach (var (key, other) in environment.Spec.Overrides)
            {
                Check(other.Provider, "provider", providers, $"spec.overrides.{key}.provider", source, problems);
            }
        }

        foreach (var (cluster, source) in incoming.Clusters)
        {
            Check(cluster.Metadata.Environment!, "environment", environments, "metadata.environment", source, problems);
            if (cluster.Spec.Type == ClusterType.Multi)
            {
                CheckHub(cluster, source, incoming, existing, problems);
            }
        }
    }

    private static HashSet<string> Names(ManifestKind kind, ManifestReadResult incoming, IEnumerable<ResourceKey> existing) =>
        [.. incoming.All.Select(m => m.Key).Concat(incoming.Invalid).Where(k => k.Kind == kind).Concat(existing).Select(k => k.Name)];

    private static void Check(string name, string what, HashSet<string> known, string path, ManifestSource source, List<ManifestProblem> problems)
    {
        if (known.Contains(name))
        {
            return;
        }

        var near = Suggestion.Nearest(name, known);
        var cure = near is not null ? $"did you mean {near}?"
            : known.Count == 0 ? $"declare it: no {what} is declared yet"
            : $"declare it, or name one of: {string.Join(", ", known.Order(StringComparer.Ordinal).Take(10))}";
        problems.Add(source.Problem(path, $"names {what} {name}, which does not exist; {cure}"));
    }

    private static void CheckHub(
        ClusterManifest spoke, ManifestSource source, ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var key = new ResourceKey(ManifestKind.Cluster, spoke.Metadata.Environment, ModelDefaults.HubName);
        if (incoming.Invalid.Contains(key))
        {
            return;
        }

        var hub = incoming.Clusters.Select(c => c.Manifest).FirstOrDefault(c => c.Key == key)
            ?? existing.Clusters.Select(c => c.Manifest).FirstOrDefault(c => c.Key == key);
        if (hub is null)
        {
            problems.Add(source.Problem("spec.type", $"is multi, but environment {spoke.Metadata.Environment} has no hub; declare a cluster named hub of type hub there, or write type: single"));
            return;
        }

        if (spoke.Spec.Kubernetes is not null && hub.Spec.InstancePools.All(p => p.Role != PoolRole.Vault))
        {
            problems.Add(source.Problem("spec.kubernetes", "needs a vault for its certificates, and the hub has none; add { name: vault, role: vault } to the hub's pools"));
        }

        var outside = spoke.Spec.Zones().Except(hub.Spec.Zones()).ToArray();
        if (outside.Length > 0)
        {
            problems.Add(source.Problem("spec.instancePools", $"name zone {string.Join(", ", outside)}, where the hub is not; a spoke's zones are among its hub's: {string.Join(", ", hub.Spec.Zones())}"));
        }
    }
}
