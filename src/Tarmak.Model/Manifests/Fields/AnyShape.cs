using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Anything; for what the server writes.</summary>
internal sealed record AnyShape : Shape
{
    public override JsonObject ToSchema() => [];
}
