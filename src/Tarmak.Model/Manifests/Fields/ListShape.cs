using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Items of one shape.</summary>
internal sealed record ListShape(Shape Item) : Shape
{
    /// <summary>Most items.</summary>
    public int MostItems { get; init; } = 100;

    public override JsonObject ToSchema() =>
        new() { ["type"] = "array", ["items"] = Item.ToSchema(), ["maxItems"] = MostItems };
}
