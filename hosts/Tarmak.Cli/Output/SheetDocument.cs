using System.Text.Json.Nodes;

namespace Tarmak.Cli.Output;

/// <summary>Answers about providers as documents.</summary>
internal static class SheetDocument
{
    /// <summary>The types of provider.</summary>
    public static JsonObject Of(ProviderTypesResponse answer) => new()
    {
        ["types"] = List(answer.Types_, t => new JsonObject
        {
            ["type"] = t.Type,
            ["summary"] = t.Summary,
            ["capabilities"] = Texts(t.Capabilities),
            ["providers"] = Texts(t.Providers),
        }),
    };

    /// <summary>A requirement sheet.</summary>
    public static JsonObject Of(RequirementSheet sheet) => new()
    {
        ["type"] = sheet.Type,
        ["summary"] = sheet.Summary,
        ["requirements"] = List(sheet.Requirements, Of),
        ["capabilities"] = List(sheet.Capabilities, Of),
        ["notOffered"] = Texts(sheet.NotOffered),
    };

    /// <summary>What a look at an account found.</summary>
    public static JsonObject Of(VerifyProviderResponse answer) => new()
    {
        ["findings"] = List(answer.Findings, f => new JsonObject
        {
            ["requirement"] = Of(f.Requirement),
            ["capability"] = f.Capability,
            ["state"] = f.State.ToString().ToLowerInvariant(),
            ["sentence"] = f.Sentence,
        }),
    };

    /// <summary>Bindings.</summary>
    public static JsonObject Of(BindingsResponse answer) => new()
    {
        ["bindings"] = List(answer.Bindings, b => new JsonObject
        {
            ["key"] = b.Key,
            ["provider"] = b.Provider,
            ["type"] = b.Type,
            ["source"] = b.Source,
            ["setting"] = b.Setting,
            ["offered"] = b.Offered,
            ["standing"] = b.Standing.Length == 0 ? null : b.Standing,
            ["move"] = b.Move is null ? null : new JsonObject
            {
                ["servedBy"] = b.Move.ServedBy,
                ["phase"] = b.Move.Phase,
                ["detail"] = b.Move.Detail,
            },
        }),
    };

    private static JsonObject Of(CapabilitySheet sheet)
    {
        var facts = new JsonObject();
        foreach (var fact in sheet.Facts)
        {
            facts[fact.Name] = fact.Value;
        }

        return new JsonObject
        {
            ["capability"] = sheet.Capability,
            ["objects"] = List(sheet.Objects, Of),
            ["requirements"] = List(sheet.Requirements, Of),
            ["facts"] = facts,
            ["limitations"] = Texts(sheet.Limitations),
        };
    }

    private static JsonObject Of(ObjectSheet sheet) => new()
    {
        ["kind"] = sheet.Kind,
        ["mark"] = sheet.Mark,
        ["ensureResolution"] = sheet.EnsureResolution,
        ["visibilityBoundSeconds"] = sheet.VisibilityBoundSeconds,
        ["callDeadlineSeconds"] = sheet.CallDeadlineSeconds,
        ["holdsData"] = sheet.HoldsData,
    };

    private static JsonObject Of(Requirement requirement) =>
        new() { ["kind"] = requirement.Kind, ["name"] = requirement.Name, ["reason"] = requirement.Reason };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> document) => new([.. items.Select(i => (JsonNode)document(i))]);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);
}
