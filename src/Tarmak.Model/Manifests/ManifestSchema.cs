using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Fields;

namespace Tarmak.Model.Manifests;

/// <summary>The manifests' JSON Schema, for editors.</summary>
public static class ManifestSchema
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema (draft 2020-12) as indented JSON with a final line break.</summary>
    public static string ToJsonSchema()
    {
        var kinds = Enum.GetValues<ManifestKind>();
        var definitions = new JsonObject();
        foreach (var kind in kinds)
        {
            definitions[kind.ToString()] = ManifestFields.Document(kind).ToSchema();
        }

        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://tarmak.io/schema/v1alpha1.json",
            ["title"] = "Tarmak manifest",
            ["description"] = $"A document of {ModelDefaults.ApiVersion}. Manifests never hold a secret, only references.",
            ["type"] = "object",
            ["required"] = new JsonArray("apiVersion", "kind"),
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["enum"] = new JsonArray([.. kinds.Select(kind => (JsonNode)kind.ToString())]) } },
            // By kind, not by oneOf: an editor then speaks of the one kind that was meant.
            ["allOf"] = new JsonArray([.. kinds.Select(kind => new JsonObject
            {
                ["if"] = new JsonObject
                {
                    ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind.ToString() } },
                    ["required"] = new JsonArray("kind"),
                },
                ["then"] = new JsonObject { ["$ref"] = $"#/$defs/{kind}" },
            })]),
            ["$defs"] = definitions,
        };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            schema.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }
}
