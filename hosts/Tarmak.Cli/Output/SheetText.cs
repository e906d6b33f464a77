using System.Globalization;

namespace Tarmak.Cli.Output;

/// <summary>Requirement sheets for people.</summary>
internal static class SheetText
{
    /// <summary>A sheet: what it is, what it needs, then capability by capability.</summary>
    public static IEnumerable<string> Lines(RequirementSheet sheet)
    {
        yield return PlainText.Of($"{sheet.Type}: {sheet.Summary}");
        foreach (var line in Needs(sheet.Requirements, ""))
        {
            yield return line;
        }

        foreach (var capability in sheet.Capabilities)
        {
            yield return "";
            yield return capability.Capability;
            foreach (var fact in capability.Facts)
            {
                yield return PlainText.Of($"  {fact.Name}: {fact.Value}");
            }

            foreach (var line in capability.Objects.Select(Object).Concat(Needs(capability.Requirements, "  ")))
            {
                yield return line;
            }

            foreach (var limitation in capability.Limitations)
            {
                yield return PlainText.Of($"  but: {limitation}");
            }
        }

        if (sheet.NotOffered.Count > 0)
        {
            yield return "";
            yield return $"not offered: {string.Join(", ", sheet.NotOffered)}";
        }
    }

    /// <summary>What a look found, a line for each requirement.</summary>
    public static IEnumerable<IReadOnlyList<TextPart>> Findings(IReadOnlyCollection<RequirementFinding> findings)
    {
        var width = findings.Select(f => f.Requirement.Name.Length).DefaultIfEmpty().Max();
        return findings.Select(finding => (IReadOnlyList<TextPart>)
        [
            finding.State switch
            {
                RequirementFinding.Types.State.Met => new TextPart("✓", Tone.Good),
                RequirementFinding.Types.State.Unmet => new TextPart("✗", Tone.Bad),
                _ => new TextPart("?", Tone.Busy),
            },
            new TextPart($" {finding.Requirement.Name.PadRight(width)}   {PlainText.Of(finding.Sentence)}"),
        ]);
    }

    private static IEnumerable<string> Needs(IEnumerable<Requirement> requirements, string indent) =>
        requirements.Select(r => PlainText.Of($"{indent}needs {r.Name} ({r.Kind}): {r.Reason}"));

    private static string Object(ObjectSheet sheet)
    {
        var lost = sheet.EnsureResolution switch
        {
            "replay" => "a lost reply is asked for again by its token",
            "uniqueName" => "found by its name after a lost reply",
            _ => string.Create(CultureInfo.InvariantCulture, $"looked for {sheet.VisibilityBoundSeconds:0.#} s after a lost reply"),
        };
        var mark = sheet.Mark switch
        {
            "labels" => "marked by labels",
            "name" => "known by its name",
            "companion" => "marked beside it",
            _ => "nobody's own",
        };
        return $"  object {sheet.Kind}: {mark}, {lost}{(sheet.HoldsData ? ", holds data" : "")}";
    }
}
