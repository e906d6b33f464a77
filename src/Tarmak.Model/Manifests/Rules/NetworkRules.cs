using Tarmak.Model.Networking;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>Clusters' machines have addresses of their own, over the whole installation.</summary>
internal static class NetworkRules
{
    public static void Check(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var replaced = incoming.Clusters.Select(c => c.Manifest.Key).ToHashSet();
        var others = existing.Clusters.Select(c => c.Manifest)
            .Where(c => !replaced.Contains(c.Key))
            .Select(c => (c.Key, Range: Cidr.Parse(c.Spec.Network.Cidr)))
            .ToList();
        var wanted = incoming.Clusters.Select(c => Cidr.Parse(c.Manifest.Spec.Network.Cidr)).ToArray();
        foreach (var (cluster, source) in incoming.Clusters)
        {
            var range = Cidr.Parse(cluster.Spec.Network.Cidr);
            var clash = others.FirstOrDefault(o => o.Range.Overlaps(range) && o.Key != cluster.Key);
            if (clash.Key is not null)
            {
                var own = new[] { Cidr.Parse(cluster.Spec.Network.Pods), Cidr.Parse(cluster.Spec.Network.Services) };
                var free = FreeCidr.Suggest(range, [.. others.Select(o => o.Range), .. wanted, .. own]);
                problems.Add(source.Problem("spec.network.cidr", $"{range} overlaps {clash.Range} of {clash.Key}" + (free is null ? "; no private range of that size is free" : $"; {free} is free")));
            }

            others.Add((cluster.Key, range));
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
