using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>Defaults of a cluster that depend on other fields: its pools, and each pool's size, numbers and volumes by role.</summary>
internal static class ClusterDefaults
{
    /// <summary>The pools a cluster has when it lists none.</summary>
    public static IReadOnlyList<PoolRole> Roles(ClusterType type, bool kubernetes) => (type, kubernetes) switch
    {
        (ClusterType.Hub, _) => [PoolRole.Bastion, PoolRole.Vault],
        (ClusterType.Multi, true) => [PoolRole.Etcd, PoolRole.Master, PoolRole.Worker],
        (ClusterType.Multi, _) => [PoolRole.Etcd],
        (_, true) => [PoolRole.Bastion, PoolRole.Vault, PoolRole.Etcd, PoolRole.Master, PoolRole.Worker],
        _ => [PoolRole.Bastion, PoolRole.Etcd],
    };

    public static void Apply(JsonObject spec, ManifestSource source, ProblemLog log)
    {
        if (spec["instancePools"] is not JsonArray pools)
        {
            var type = spec["type"]!.GetValue<string>() switch { "hub" => ClusterType.Hub, "multi" => ClusterType.Multi, _ => ClusterType.Single };
            spec["instancePools"] = new JsonArray([.. Roles(type, spec.ContainsKey("kubernetes"))
                .Select(role => JsonSerializer.SerializeToNode(InstancePoolSpec.Default(role), ModelJson.Default.InstancePoolSpec))]);
            return;
        }

        foreach (var (index, pool) in pools.Index())
        {
            ApplyToPool(pool!.AsObject(), ProblemLog.Join("spec.instancePools", index), source, log);
        }
    }

    /// <summary>What a pool has that does not say otherwise.</summary>
    public static void ApplyToPool(JsonObject pool, string path, ManifestSource source, ProblemLog log)
    {
        var role = RoleDefinition.All.First(r => r.Name == pool["role"]!.GetValue<string>());
        pool["size"] ??= role.DefaultSize;
        ApplyCount(pool, role, path, source, log);
        ApplyVolumes(pool, role);
    }

    private static void ApplyCount(JsonObject pool, RoleDefinition role, string path, ManifestSource source, ProblemLog log)
    {
        if (pool["count"] is { } count)
        {
            if (pool.ContainsKey("min") || pool.ContainsKey("max"))
            {
                log.Add(source.Problem(path + ".count", "stands beside min or max; write either count or the two"));
            }

            pool["min"] = count.DeepClone();
            pool["max"] = count.DeepClone();
            pool.Remove("count");
            return;
        }

        var most = pool["max"] ?? pool["min"] ?? JsonValue.Create(role.DefaultCount);
        pool["min"] ??= most.DeepClone();
        pool["max"] ??= most.DeepClone();
    }

    /// <summary>Every machine of a role has the role's own volume; listing it changes it, leaving it out does not take it away.</summary>
    private static void ApplyVolumes(JsonObject pool, RoleDefinition role)
    {
        var volumes = pool["volumes"]!.AsArray();
        if (role.DefaultVolume is { } own && !volumes.Any(v => v!["name"]!.GetValue<string>() == own.Name))
        {
            volumes.Insert(0, new JsonObject { ["name"] = own.Name, ["sizeGiB"] = own.SizeGiB, ["class"] = "ssd" });
        }
    }
}
