using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>True or false.</summary>
internal sealed record FlagShape : Shape
{
    public override JsonObject ToSchema() => new() { ["type"] = "boolean" };
}
