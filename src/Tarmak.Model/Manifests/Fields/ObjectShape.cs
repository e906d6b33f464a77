using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>A mapping with a closed list of fields.</summary>
internal sealed record ObjectShape(params IReadOnlyList<Field> Fields) : Shape
{
    /// <summary>The field of that name, or null.</summary>
    public Field? Find(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public override JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var field in Fields)
        {
            var schema = field.Shape.ToSchema();
            if (!field.Required)
            {
                AllowNothing(schema);
            }

            schema["description"] = field.Description;
            if (field.Default is not null)
            {
                schema["default"] = field.Default.DeepClone();
            }

            if (field.Ignored)
            {
                schema["readOnly"] = true;
            }

            properties[field.Name] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        var required = Fields.Where(f => f.Required).Select(f => (JsonNode)f.Name).ToArray();
        if (required.Length > 0)
        {
            result["required"] = new JsonArray(required);
        }

        return result;
    }

    // A field whose value is left empty counts as left out.
    private static void AllowNothing(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
        }

        if (schema["enum"] is JsonArray values)
        {
            values.Add(null);
        }
    }
}
