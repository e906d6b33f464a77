using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>What differs in labels and annotations, told as fields of the manifest.</summary>
internal static class MarkChanges
{
    public static IEnumerable<FieldChange> Between<T>(Declared<T>? before, Declared<T> after)
        where T : class =>
        [
            .. Between("labels", before?.Labels, after.Labels),
            .. Between("annotations", before?.Annotations, after.Annotations),
        ];

    public static IEnumerable<FieldChange> Between(ManifestMetadata before, ManifestMetadata after) =>
        [
            .. Between("labels", before.Labels, after.Labels),
            .. Between("annotations", before.Annotations, after.Annotations),
        ];

    public static IEnumerable<V1.FieldChange> ToContract(IEnumerable<FieldChange> fields) =>
        fields.Select(f => new V1.FieldChange { Path = f.Path, From = f.From ?? "", To = f.To ?? "" });

    private static IEnumerable<FieldChange> Between(
        string name, IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string> after) =>
        from key in after.Keys.Union(before?.Keys ?? []).Order(StringComparer.Ordinal)
        let old = before?.GetValueOrDefault(key)
        let now = after.GetValueOrDefault(key)
        where old != now
        select new FieldChange($"metadata.{name}[{key}]", Json(old), Json(now));

    private static string? Json(string? text) => text is null ? null : System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();
}
