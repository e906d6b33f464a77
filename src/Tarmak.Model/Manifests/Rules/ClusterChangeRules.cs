using System.Globalization;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Networking;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What may change in a live cluster, what may not, and what needs consent because data goes.</summary>
internal static class ClusterChangeRules
{
    public static void Check(
        ClusterManifest before, ClusterManifest after, ManifestSource source, List<ManifestProblem> problems, List<RequiredConsent> consents)
    {
        if (!CheckFixed(before.Spec, after.Spec, source, problems))
        {
            return;
        }

        foreach (var (index, pool) in after.Spec.InstancePools.Index())
        {
            if (before.Spec.Pool(pool.Name) is { } old)
            {
                CheckPool(before.Spec, old, after.Spec, pool, ProblemLog.Join("spec.instancePools", index), source, problems);
            }
        }

        foreach (var old in before.Spec.InstancePools.Where(p => p.IsStateful))
        {
            if (Consent(before.Key, old, after.Spec) is { } consent)
            {
                consents.Add(consent);
            }
        }
    }

    private static bool CheckFixed(ClusterSpec before, ClusterSpec after, ManifestSource source, List<ManifestProblem> problems)
    {
        (string Path, string From, string To)[] fixedFields =
        [
            ("spec.type", Lower(before.Type), Lower(after.Type)),
            ("spec.network.cidr", before.Network.Cidr, after.Network.Cidr),
            ("spec.network.pods", before.Network.Pods, after.Network.Pods),
            ("spec.network.services", before.Network.Services, after.Network.Services),
        ];
        var changed = fixedFields.Where(f => f.From != f.To).ToArray();
        problems.AddRange(changed.Select(f => source.Problem(f.Path, $"changes from {f.From} to {f.To}, which a live cluster cannot; keep {f.From}, or declare a cluster of another name")));
        return changed.Length == 0;
    }

    private static void CheckPool(
        ClusterSpec beforeSpec, InstancePoolSpec before, ClusterSpec afterSpec, InstancePoolSpec after, string path, ManifestSource source, List<ManifestProblem> problems)
    {
        if (before.Role != after.Role)
        {
            problems.Add(source.Problem(path + ".role", $"changes from {RoleDefinition.Of(before.Role).Name} to {RoleDefinition.Of(after.Role).Name}; a pool keeps its role, add a pool of another name"));
            return;
        }

        if (!after.IsStateful)
        {
            return;
        }

        var moved = Enumerable.Range(0, Math.Min(before.Max, after.Max))
            .Where(i => Place(beforeSpec, before, i) != Place(afterSpec, after, i))
            .Select(after.InstanceName)
            .ToArray();
        if (moved.Length > 0)
        {
            problems.Add(source.Problem(path + ".zones", $"would move {string.Join(", ", moved)} to another zone, and stateful machines and their volumes stay where they are; keep the zones' order and add new ones at the end of the last pool"));
        }

        foreach (var (index, volume) in after.Volumes.Index())
        {
            var old = before.Volumes.FirstOrDefault(v => v.Name == volume.Name);
            var volumePath = ProblemLog.Join(path + ".volumes", index);
            if (old is not null && volume.SizeGiB < old.SizeGiB)
            {
                problems.Add(source.Problem(volumePath + ".sizeGiB", string.Create(CultureInfo.InvariantCulture, $"shrinks volume {volume.Name} from {old.SizeGiB} to {volume.SizeGiB} GiB; volumes only grow, write at least {old.SizeGiB}")));
            }

            if (old is not null && volume.Class != old.Class)
            {
                problems.Add(source.Problem(volumePath + ".class", $"changes the class of volume {volume.Name}, which would lose its data; keep {Lower(old.Class)}, or add a volume of another name"));
            }
        }
    }

    private static (string Zone, int Index) Place(ClusterSpec cluster, InstancePoolSpec pool, int index)
    {
        var zone = AddressPlan.ZoneOf(cluster, pool, index);
        return (cluster.Zones()[zone], zone);
    }

    private static RequiredConsent? Consent(ResourceKey cluster, InstancePoolSpec old, ClusterSpec after)
    {
        var now = after.Pool(old.Name);
        var machines = now?.Max ?? 0;
        string[] lost =
        [
            .. from index in Enumerable.Range(0, old.Max)
               from volume in old.Volumes
               where index >= machines || now!.Volumes.All(v => v.Name != volume.Name)
               select $"{old.InstanceName(index)}/{volume.Name}",
        ];
        if (lost.Length == 0)
        {
            return null;
        }

        var what = now is null
            ? after.InstancePools.FirstOrDefault(p => p.Role == old.Role) is { } renamed
                ? $"Renaming pool {old.Name} to {renamed.Name} makes new machines and gives up the old"
                : $"Removing pool {old.Name} gives up its machines"
            : machines < old.Max
            ? string.Create(CultureInfo.InvariantCulture, $"Shrinking pool {old.Name} from {old.Max} to {machines} gives up machines")
            : $"Leaving volumes out of pool {old.Name} gives them up";
        var data = (now ?? old).DeletionPolicy == DeletionPolicy.Retain ? "detached and kept" : "deleted with their data";
        return new RequiredConsent(cluster, old.Name, lost, $"{what}; these volumes would be {data}: {string.Join(", ", lost)}.");
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
