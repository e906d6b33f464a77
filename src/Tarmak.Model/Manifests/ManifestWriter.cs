using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Manifests.Yaml;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>Writes manifests so that what was written can be applied again and changes nothing.</summary>
public static class ManifestWriter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One YAML document, without a separator line.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="server">What the server adds; null for a manifest as a user writes it.</param>
    public static string ToYaml(IManifest manifest, ServerFields? server = null) => YamlWriter.Write(ToNode(manifest, server));

    /// <summary>One indented JSON document.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="server">What the server adds; null for a manifest as a user writes it.</param>
    public static string ToJson(IManifest manifest, ServerFields? server = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            ToNode(manifest, server).WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The document as a JSON tree, fields in the order of the schema.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="server">What the server adds; null for a manifest as a user writes it.</param>
    public static JsonObject ToNode(IManifest manifest, ServerFields? server = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var metadata = JsonSerializer.SerializeToNode(manifest.Metadata, ModelJson.Default.ManifestMetadata)!.AsObject();
        if (server is not null)
        {
            metadata["resourceVersion"] = server.ResourceVersion;
            metadata["uid"] = server.Uid;
            metadata["generation"] = server.Generation;
        }

        var document = new JsonObject
        {
            ["apiVersion"] = ModelDefaults.ApiVersion,
            ["kind"] = manifest.Kind.ToString(),
            ["metadata"] = metadata,
            ["spec"] = Spec(manifest),
        };
        if (server?.Status is { } status)
        {
            document["status"] = status.DeepClone();
        }

        return Ordered(document, ManifestFields.Document(manifest.Kind)).AsObject();
    }

    private static JsonObject Spec(IManifest manifest)
    {
        var spec = manifest switch
        {
            ProviderManifest provider => JsonSerializer.SerializeToNode(provider.Spec, ModelJson.Default.ProviderSpec),
            EnvironmentManifest environment => JsonSerializer.SerializeToNode(environment.Spec, ModelJson.Default.EnvironmentSpec),
            ClusterManifest cluster => JsonSerializer.SerializeToNode(cluster.Spec, ModelJson.Default.ClusterSpec),
            _ => throw new ArgumentException("Not a kind of manifest this model knows.", nameof(manifest)),
        };
        foreach (var pool in (spec!["instancePools"] as JsonArray ?? []).Select(p => p!.AsObject()))
        {
            UseCount(pool);
        }

        return spec.AsObject();
    }

    private static void UseCount(JsonObject pool)
    {
        if (JsonNode.DeepEquals(pool["min"], pool["max"]))
        {
            pool["count"] = pool["max"]!.DeepClone();
            pool.Remove("min");
            pool.Remove("max");
        }
    }

    /// <summary>In the order of the table, without empty lists and mappings that are the default anyway.</summary>
    private static JsonNode Ordered(JsonNode node, Shape shape)
    {
        switch (node, shape)
        {
            case (JsonObject members, ObjectShape known):
                var result = new JsonObject();
                foreach (var field in known.Fields)
                {
                    if (members[field.Name] is { } value && !(IsEmpty(value) && IsEmpty(field.Default)))
                    {
                        result[field.Name] = Ordered(value, field.Shape);
                    }
                }

                return result;
            case (JsonArray items, ListShape list):
                return new JsonArray([.. items.Select(item => Ordered(item!, list.Item))]);
            default:
                return node.DeepClone();
        }
    }

    private static bool IsEmpty(JsonNode? node) => node is JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
