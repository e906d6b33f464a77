using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What one cluster's fields say about each other.</summary>
internal static class ClusterRules
{
    private static readonly string[] NumberFields = [".count", ".max", ".min"];

    private static readonly Cidr[] Unusable = [Cidr.Parse("0.0.0.0/8"), Cidr.Parse("127.0.0.0/8"), Cidr.Parse("169.254.0.0/16"), Cidr.Parse("224.0.0.0/3")];

    public static void Check(ClusterManifest cluster, ManifestSource source, ProblemLog log)
    {
        CheckType(cluster, source, log);
        CheckNetwork(cluster.Spec.Network, source, log);
        CheckPools([.. cluster.Spec.InstancePools.Index().Select(p => (ProblemLog.Join("spec.instancePools", p.Index), p.Item))], source, log);
        CheckComposition(cluster.Spec, source, log);
        RepositoryRules.Check(cluster.Spec.Repositories, source, log);
        if (cluster.Spec.Repositories is { Count: > 0 } && RepositoryNames.Reserved.Contains(cluster.Metadata.Name))
        {
            log.Add(source.Problem("metadata.name", $"is {cluster.Metadata.Name}, a word that registries use themselves, and its repositories' names begin with it; leave spec.repositories out"));
        }
    }

    /// <summary>
    /// Checks what was read whole of a cluster that has holes: its network, and every pool on its own. What it is made of
    /// as a whole cannot be judged before the holes are mended.
    /// </summary>
    public static void CheckParts(JsonObject spec, ManifestSource source, ProblemLog log)
    {
        if (spec["network"] is JsonObject network)
        {
            CheckNetwork(network.Deserialize(ModelJson.Default.ClusterNetwork)!, source, log);
        }

        var pools = new List<(string Path, InstancePoolSpec Pool)>();
        foreach (var (index, node) in (spec["instancePools"] as JsonArray ?? []).Index().Where(p => ShapeReader.IsWhole(p.Item, ManifestFields.Pool)))
        {
            var path = ProblemLog.Join("spec.instancePools", index);
            ClusterDefaults.ApplyToPool(node!.AsObject(), path, source, log);
            pools.Add((path, node.Deserialize(ModelJson.Default.InstancePoolSpec)!));
        }

        CheckPools(pools, source, log);
    }

    private static void CheckType(ClusterManifest cluster, ManifestSource source, ProblemLog log)
    {
        var (type, name) = (cluster.Spec.Type, cluster.Metadata.Name);
        if (type == ClusterType.Hub && name != ModelDefaults.HubName)
        {
            log.Add(source.Problem("metadata.name", "must be hub for a cluster of type hub"));
        }
        else if (type != ClusterType.Hub && name == ModelDefaults.HubName)
        {
            log.Add(source.Problem("metadata.name", "is hub, which is reserved for clusters of type hub; choose another name or write type: hub"));
        }

        if (type == ClusterType.Hub && cluster.Spec.Kubernetes is not null)
        {
            log.Add(source.Problem("spec.kubernetes", "is not for a hub, which has tooling only; leave it out"));
        }
    }

    private static void CheckNetwork(ClusterNetwork network, ManifestSource source, ProblemLog log)
    {
        var cidr = Cidr.Parse(network.Cidr);
        if (cidr.Prefix is < SubnetPlan.ShortestPrefix or > SubnetPlan.LongestPrefix)
        {
            log.Add(source.Problem("spec.network.cidr", $"is a /{cidr.Prefix}; a cluster needs a /{SubnetPlan.ShortestPrefix} to /{SubnetPlan.LongestPrefix}, as {ModelDefaults.NetworkCidr}"));
            return;
        }

        (string Field, Cidr Range)[] ranges = [("cidr", cidr), ("pods", Cidr.Parse(network.Pods)), ("services", Cidr.Parse(network.Services))];
        // Where a field could not be read, its default stands in its place, and nobody wrote that.
        ranges = [.. ranges.Where(r => !log.Has($"spec.network.{r.Field}"))];
        foreach (var (index, (field, range)) in ranges.Index())
        {
            if (Unusable.Any(u => u.Overlaps(range)))
            {
                log.Add(source.Problem($"spec.network.{field}", $"{range} holds addresses machines cannot have (loopback, link-local, multicast); use a private range, as {ModelDefaults.NetworkCidr}"));
            }

            foreach (var (other, otherRange) in ranges.Take(index).Where(r => r.Range.Overlaps(range)))
            {
                var free = new FreeCidr(ranges.Select(r => r.Range)).Suggest(range);
                log.Add(source.Problem($"spec.network.{field}", $"{range} overlaps {other} {otherRange}" + (free is null ? "; the three must be apart" : $"; {free} is free")));
            }
        }
    }

    private static void CheckPool(InstancePoolSpec pool, string path, ManifestSource source, ProblemLog log)
    {
        var dash = pool.Name.LastIndexOf('-');
        if (dash > 0 && pool.Name.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            log.Add(source.Problem(path + ".name", $"is {pool.Name}, which is how machine {pool.Name[(dash + 1)..]} of pool {pool.Name[..dash]} is called; write it as {pool.Name.Remove(dash, 1)}"));
        }

        var role = RoleDefinition.Of(pool.Role);
        var numbers = (pool.Min, pool.Max, role) switch
        {
            (0, 0, _) => "has no machines; write a count of at least 1 or leave the pool out",
            var (min, max, _) when min > max => N($"has min {min} above max {max}; min must not be above max"),
            var (min, max, r) when r.IsStateful && min != max => N($"has min {min} and max {max}, but {r.Name} pools are stateful and of fixed size; write count: {max}"),
            var (_, max, r) when max > r.MostMachines => N($"has {max} machines; one {r.Name} pool has at most {r.MostMachines}"),
            var (_, max, r) when r.Role == PoolRole.Etcd && max % 2 == 0 =>
                N($"has {max} machines, but etcd needs an odd number to keep a majority; write {max - 1} or {max + 1}"),
            _ => null,
        };
        if (numbers is not null)
        {
            log.Add(Numbers(path, numbers, source));
        }

        if (role.IsStateful && pool.SpotPrice is not null)
        {
            log.Add(source.Problem(path + ".spotPrice", $"is for stateless pools (master, worker) only, because spot machines may go at any time; leave it out of {role.Name} pools"));
        }

        var volumeNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, volume) in pool.Volumes.Index().Where(v => !volumeNames.Add(v.Item.Name)))
        {
            log.Add(source.Problem(ProblemLog.Join(path + ".volumes", index) + ".name", $"is {volume.Name} a second time; volume names are unique in a pool"));
        }

        var zones = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, zone) in pool.Zones.Index().Where(z => !zones.Add(z.Item)))
        {
            log.Add(source.Problem(ProblemLog.Join(path + ".zones", index), $"is {zone} a second time; keep one"));
        }
    }

    /// <summary>Put at whichever of the three fields the user wrote.</summary>
    private static ManifestProblem Numbers(string path, string message, ManifestSource source)
    {
        var written = NumberFields.FirstOrDefault(field => source.Has(path + field));
        return source.Problem(path + (written ?? ""), message);
    }

    private static void CheckPools(IReadOnlyList<(string Path, InstancePoolSpec Pool)> pools, ManifestSource source, ProblemLog log)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, pool) in pools)
        {
            CheckPool(pool, path, source, log);
            if (!names.Add(pool.Name))
            {
                log.Add(source.Problem(path + ".name", $"is {pool.Name} a second time; pool names are unique in a cluster"));
            }
        }

        var zones = pools.SelectMany(p => p.Pool.Zones).Distinct(StringComparer.Ordinal).Count();
        if (zones > SubnetPlan.MostZones)
        {
            log.Add(source.Problem("spec.instancePools", N($"name {zones} zones in all; a cluster has at most {SubnetPlan.MostZones}")));
        }
    }

    private static void CheckComposition(ClusterSpec spec, ManifestSource source, ProblemLog log)
    {
        var wanted = ClusterDefaults.Roles(spec.Type, spec.Kubernetes is not null);
        var what = spec.Type switch
        {
            ClusterType.Hub => "a hub",
            ClusterType.Multi when spec.Kubernetes is null => "a cluster of type multi without kubernetes (an etcd cluster)",
            ClusterType.Multi => "a cluster of type multi",
            _ when spec.Kubernetes is null => "a cluster without kubernetes (an etcd cluster with a bastion)",
            _ => "a single cluster with kubernetes",
        };
        var allowed = spec.Type == ClusterType.Hub ? [.. wanted, PoolRole.Jenkins] : wanted;

        // A hub without vault serves spokes that need none; those that do say so themselves.
        var needed = spec.Type == ClusterType.Hub ? wanted.Except([PoolRole.Vault]) : wanted;
        var missing = needed.Where(role => spec.InstancePools.All(p => p.Role != role)).Select(role => RoleDefinition.Of(role).Name).ToArray();
        if (missing.Length > 0)
        {
            log.Add(source.Problem("spec.instancePools", $"{what} needs a pool of role {string.Join(", ", missing)}; add " + string.Join(", ", missing.Select(m => $"{{ name: {m}, role: {m} }}"))));
        }

        foreach (var (index, pool) in spec.InstancePools.Index())
        {
            var role = RoleDefinition.Of(pool.Role);
            var path = ProblemLog.Join("spec.instancePools", index) + ".role";
            if (!allowed.Contains(pool.Role))
            {
                var cure = spec.Type != ClusterType.Hub && spec.Kubernetes is null && (pool.Role is PoolRole.Master or PoolRole.Worker || (pool.Role == PoolRole.Vault && spec.Type == ClusterType.Single))
                    ? "; leave the pool out or add a kubernetes section"
                    : "; leave the pool out";
                log.Add(source.Problem(path, $"is {role.Name}, but {what} has only {string.Join(", ", allowed.Select(r => RoleDefinition.Of(r).Name))}{cure}"));
            }
            else if (role.IsStateful && spec.InstancePools.Take(index).Any(p => p.Role == pool.Role))
            {
                log.Add(source.Problem(path, $"is {role.Name} a second time; a cluster has one {role.Name} pool"));
            }
        }
    }

    private static string N(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
