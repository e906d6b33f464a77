using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Text.</summary>
internal sealed record TextShape : Shape
{
    /// <summary>The only values; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Regular expression for the schema; <see cref="Check"/> is what decides.</summary>
    public string? Pattern { get; init; }

    /// <summary>Most characters.</summary>
    public int MostCharacters { get; init; } = 253;

    /// <summary>Whether it may be empty.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Half a sentence saying what is wrong and what would be right; null for a good value.</summary>
    public Func<string, string?>? Check { get; init; }

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (Values.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Values.Select(v => JsonValue.Create(v))]);
            return schema;
        }

        if (!MayBeEmpty)
        {
            schema["minLength"] = 1;
        }

        schema["maxLength"] = MostCharacters;
        if (Pattern is not null)
        {
            schema["pattern"] = Pattern;
        }

        return schema;
    }
}
