using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>One field of a mapping.</summary>
/// <param name="Name">As written in manifests.</param>
/// <param name="Shape">What its value may be.</param>
/// <param name="Description">For people, in the schema.</param>
internal sealed record Field(string Name, Shape Shape, string Description)
{
    /// <summary>Whether it must be written.</summary>
    public bool Required { get; init; }

    /// <summary>Taken where it is left out; null where that depends on other fields or means nothing.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Whether the server writes it and ignores it on the way in.</summary>
    public bool Ignored { get; init; }
}
