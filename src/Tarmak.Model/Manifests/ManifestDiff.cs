using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>Field-by-field differences between two specs of one kind.</summary>
public static class ManifestDiff
{
    /// <summary>What differs between two providers.</summary>
    public static IReadOnlyList<FieldChange> Between(ProviderSpec? from, ProviderSpec to) =>
        Between(JsonSerializer.SerializeToNode(from, ModelJson.Default.ProviderSpec), JsonSerializer.SerializeToNode(to, ModelJson.Default.ProviderSpec));

    /// <summary>What differs between two environments.</summary>
    public static IReadOnlyList<FieldChange> Between(EnvironmentSpec? from, EnvironmentSpec to) =>
        Between(JsonSerializer.SerializeToNode(from, ModelJson.Default.EnvironmentSpec), JsonSerializer.SerializeToNode(to, ModelJson.Default.EnvironmentSpec));

    /// <summary>What differs between two clusters. Every field is new where <paramref name="from"/> is null.</summary>
    public static IReadOnlyList<FieldChange> Between(ClusterSpec? from, ClusterSpec to) =>
        Between(JsonSerializer.SerializeToNode(from, ModelJson.Default.ClusterSpec), JsonSerializer.SerializeToNode(to, ModelJson.Default.ClusterSpec));

    private static List<FieldChange> Between(JsonNode? from, JsonNode? to)
    {
        var changes = new List<FieldChange>();
        Compare("spec", from, to, changes);
        return changes;
    }

    private static void Compare(string path, JsonNode? from, JsonNode? to, List<FieldChange> changes)
    {
        if (JsonNode.DeepEquals(from, to))
        {
            return;
        }

        if (Children(from) is { } before && Children(to) is { } after && before.Count + after.Count > 0)
        {
            foreach (var step in before.Keys.Concat(after.Keys.Where(k => !before.ContainsKey(k))))
            {
                Compare(path + step, before.GetValueOrDefault(step), after.GetValueOrDefault(step), changes);
            }

            // The members may be equal and only their order differ, which matters in lists.
            if (before.Count == after.Count && from is JsonArray && before.All(b => JsonNode.DeepEquals(b.Value, after.GetValueOrDefault(b.Key))))
            {
                changes.Add(new FieldChange(path, from.ToJsonString(), to!.ToJsonString()));
            }

            return;
        }

        changes.Add(new FieldChange(path, Text(from), Text(to)));
    }

    /// <summary>Members by step; null for plain values. An absent side counts as empty so that new objects are listed field by field.</summary>
    private static Dictionary<string, JsonNode?>? Children(JsonNode? node) => node switch
    {
        null => [],
        JsonObject members => members.ToDictionary(m => "." + m.Key, m => m.Value),
        JsonArray items when items.All(i => i is JsonObject o && o.ContainsKey("name")) && items.DistinctBy(NameOf).Count() == items.Count =>
            items.ToDictionary(i => $"[{NameOf(i)}]", i => i),
        JsonArray items => items.Select((item, index) => (item, index))
            .ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"[{i.index}]"), i => i.item),
        _ => null,
    };

    private static string NameOf(JsonNode? item) => item!["name"]!.GetValue<string>();

    private static string? Text(JsonNode? node) => node?.ToJsonString();
}
