using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>What a value may be. One tree of shapes drives reading, suggestions and the JSON Schema.</summary>
internal abstract record Shape
{
    /// <summary>The schema of the value.</summary>
    public abstract JsonObject ToSchema();
}
