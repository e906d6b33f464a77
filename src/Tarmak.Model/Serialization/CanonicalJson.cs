using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Serialization;

/// <summary>One text for one value: keys in ordinal order, no nulls. What hashes are made of.</summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Legible = Relaxed with { Indented = true, NewLine = "\n" };

    /// <summary>Canonical text of a provider's spec.</summary>
    public static string Of(ProviderSpec spec) => Of(spec, ModelJson.Default.ProviderSpec);

    /// <summary>Canonical text of an environment's spec.</summary>
    public static string Of(EnvironmentSpec spec) => Of(spec, ModelJson.Default.EnvironmentSpec);

    /// <summary>Canonical text of a cluster's spec.</summary>
    public static string Of(ClusterSpec spec) => Of(spec, ModelJson.Default.ClusterSpec);

    /// <summary>Canonical text of a pool's spec.</summary>
    public static string Of(InstancePoolSpec spec) => Of(spec, ModelJson.Default.InstancePoolSpec);

    /// <summary>Canonical text of metadata.</summary>
    public static string Of(ManifestMetadata metadata) => Of(metadata, ModelJson.Default.ManifestMetadata);

    /// <summary>SHA-256 of a canonical text, in lower-case hexadecimal.</summary>
    public static string Hash(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>Canonical text of any value with known type information.</summary>
    public static string Of<T>(T value, JsonTypeInfo<T> type) => Of(JsonSerializer.SerializeToNode(value, type));

    /// <summary>Canonical text of a JSON tree, without white space.</summary>
    public static string Of(JsonNode? node) => Encoding.UTF8.GetString(Write(node, Relaxed));

    /// <summary>A canonical file of a JSON tree that people read too: indented by two, UTF-8, ending with a line feed.</summary>
    public static byte[] File(JsonNode node) => [.. Write(node, Legible), (byte)'\n'];

    private static byte[] Write(JsonNode? node, JsonWriterOptions options)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            Write(writer, node);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
