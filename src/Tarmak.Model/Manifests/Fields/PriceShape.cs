using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>A positive decimal number.</summary>
internal sealed record PriceShape : Shape
{
    public const int Most = 10_000;

    public override JsonObject ToSchema() => new() { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = Most };
}
