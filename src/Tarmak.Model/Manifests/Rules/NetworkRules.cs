using Tarmak.Model.Networking;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>Clusters' machines have addresses of their own, over the whole installation.</summary>
internal static class NetworkRules
{
    public static void Check(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var replaced = incoming.Clusters.Select(c => c.Manifest.Key).ToHashSet();
        var others = existing.Clusters.Select(c => c.Manifest).Where(c => !replaced.Contains(c.Key)).ToList();
        var taken = new TakenRanges();
        foreach (var other in others)
        {
            taken.Add(Cidr.Parse(other.Spec.Network.Cidr), other.Key);
        }

        var free = new FreeCidr(others.Concat(incoming.Clusters.Select(c => c.Manifest)).Select(c => Cidr.Parse(c.Spec.Network.Cidr)));
        foreach (var (cluster, source) in incoming.Clusters)
        {
            var range = Cidr.Parse(cluster.Spec.Network.Cidr);
            if (taken.Find(range) is var (there, owner) && owner != cluster.Key)
            {
                var suggestion = free.Suggest(range, Cidr.Parse(cluster.Spec.Network.Pods), Cidr.Parse(cluster.Spec.Network.Services));
                problems.Add(source.Problem("spec.network.cidr", $"{range} overlaps {there} of {owner}" + (suggestion is null ? "; no private range of that size is free" : $"; {suggestion} is free")));
            }

            taken.Add(range, cluster.Key);
        }

        CheckEdges(incoming, existing, problems);
    }

    private static void CheckEdges(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var replaced = incoming.Environments.Select(e => e.Manifest.Key).ToHashSet();
        var others = existing.Environments.Select(e => e.Manifest)
            .Where(e => !replaced.Contains(e.Key) && e.Spec.Edge?.Ports is not null)
            .Select(e => (e.Key, Ports: e.Spec.Edge!.Ports!))
            .ToList();
        foreach (var (environment, source) in incoming.Environments.Where(e => e.Manifest.Spec.Edge?.Ports is not null))
        {
            var ports = environment.Spec.Edge!.Ports!;
            var clash = others.FirstOrDefault(o => o.Ports.Overlaps(ports) && o.Key != environment.Key);
            if (clash.Key is not null)
            {
                problems.Add(source.Problem("spec.edge.ports", $"{ports} overlaps {clash.Ports} of {clash.Key}; choose other ports or leave edge out"));
            }

            others.Add((environment.Key, ports));
        }
    }
}
