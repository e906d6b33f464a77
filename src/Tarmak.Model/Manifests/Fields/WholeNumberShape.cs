using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>A whole number between two bounds.</summary>
internal sealed record WholeNumberShape(int Least, int Most) : Shape
{
    public override JsonObject ToSchema() => new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most };
}
