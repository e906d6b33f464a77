using System.Text.Json.Nodes;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.PlannedChange.Types.Action;

namespace Tarmak.Gateway.Operators;

/// <summary>What differs between two declarations of one environment, machine by machine.</summary>
internal static class PlanComparison
{
    public static IEnumerable<V1.PlannedChange> Between(string environment, EnvironmentDesired? before, EnvironmentDesired after)
    {
        var old = before is null ? [] : PlanPreview.Of(environment, before);
        var now = PlanPreview.Of(environment, after);
        var known = old.ToDictionary(n => n.Address, n => n.Spec);
        var wanted = now.Select(n => n.Address).ToHashSet();
        var paused = after.Clusters.Where(c => c.Value.Manifest.Spec.Paused).Select(c => $"{environment}/{c.Key}").ToList();

        var changes = now
            .Where(n => !known.TryGetValue(n.Address, out var spec) || spec != n.Spec)
            .Select(n => known.TryGetValue(n.Address, out var spec) ? Change(n, spec) : Plain(Action.Create, n.Address))
            .OfType<V1.PlannedChange>()
            .Concat(old.Reverse().Where(n => !wanted.Contains(n.Address)).Select(n => Plain(Action.Delete, n.Address)))
            .Where(c => !paused.Exists(p => c.Key.StartsWith(p + "/", StringComparison.Ordinal) || c.Key.StartsWith(p + "#", StringComparison.Ordinal)))
            .ToList();
        MarkReplacedInstances(changes);
        return changes;
    }

    private static V1.PlannedChange? Change(PlannedNode node, string before)
    {
        var change = Plain(node.Address.ResourceKind == ResourceKinds.Machine ? Action.Replace : Action.Change, node.Address);
        IReadOnlyList<FieldChange> fields = node.Address.Kind switch
        {
            MachineKind.Environment => Environment(
                DesiredJson.Read<EnvironmentDesired>(before).Environment, DesiredJson.Read<EnvironmentDesired>(node.Spec).Environment!),
            MachineKind.Cluster => Cluster(DesiredJson.Read<ClusterDesired>(before).Manifest, DesiredJson.Read<ClusterDesired>(node.Spec).Manifest),
            MachineKind.Capability => Members(before, node.Spec),
            _ => [],
        };
        if (fields.Count == 0 && node.Address.Kind is MachineKind.Environment)
        {
            // Its clusters' manifests are part of an environment's wish; they are told as clusters.
            return null;
        }

        change.Fields.AddRange(MarkChanges.ToContract(fields));
        return change;
    }

    private static FieldChange[] Environment(Declared<EnvironmentSpec>? before, Declared<EnvironmentSpec> after) =>
        [.. ManifestDiff.Between(before?.Spec, after.Spec), .. MarkChanges.Between(before, after)];

    private static FieldChange[] Cluster(Declared<ClusterSpec> before, Declared<ClusterSpec> after) =>
        [.. ManifestDiff.Between(before.Spec, after.Spec), .. MarkChanges.Between(before, after)];

    private static V1.PlannedChange Plain(Action action, MachineAddress address) => new()
    {
        Action = action,
        Kind = address.ResourceKind ?? KindNames.Of(address.Kind),
        Key = address.Key,
    };

    private static List<FieldChange> Members(string before, string after)
    {
        var (old, now) = (JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject());
        return
        [
            .. old.Select(m => m.Key).Union(now.Select(m => m.Key))
                .Where(name => !JsonNode.DeepEquals(old[name], now[name]))
                .Select(name => new FieldChange($"spec.{name}", old[name]?.ToJsonString(), now[name]?.ToJsonString())),
        ];
    }

    private static void MarkReplacedInstances(List<V1.PlannedChange> changes)
    {
        var replaced = changes
            .Where(c => c.Action == Action.Replace && c.Kind == ResourceKinds.Machine)
            .Select(c => c.Key.Split('#')[0])
            .ToHashSet(StringComparer.Ordinal);
        foreach (var instance in changes.Where(c => c.Kind == "instance" && replaced.Contains(c.Key)))
        {
            instance.Action = Action.Replace;
        }
    }
}
