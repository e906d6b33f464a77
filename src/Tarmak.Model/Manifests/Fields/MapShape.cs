using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Text by keys of the user's choice.</summary>
internal sealed record MapShape(TextShape Key, TextShape Value) : Shape
{
    public override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = Key.ToSchema(),
        ["additionalProperties"] = Value.ToSchema(),
    };
}
