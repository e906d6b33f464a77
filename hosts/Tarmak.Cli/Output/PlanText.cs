using System.Globalization;

namespace Tarmak.Cli.Output;

/// <summary>A plan in plain text.</summary>
internal static class PlanText
{
    /// <summary>The lines.</summary>
    /// <param name="plan">The plan.</param>
    public static IEnumerable<string> Render(PlanResponse plan)
    {
        if (plan.Changes.Count == 0)
        {
            yield return "Nothing to do: everything is as declared.";
            yield break;
        }

        var width = plan.Changes.Max(c => c.Kind.Length);
        foreach (var change in plan.Changes)
        {
            var (mark, verb) = Words(change.Action);
            yield return $"{mark} {verb,-7}  {PlainText.Of(change.Kind).PadRight(width)}  {PlainText.Of(ResourceKeys.Shown(change.Key))}";
            foreach (var field in change.Fields)
            {
                yield return $"             {PlainText.Of(field.Path)}: {Value(field.From)} → {Value(field.To)}";
            }
        }

        yield return "";
        yield return Summary(plan);
        if (plan.Consents.Count > 0)
        {
            yield return $"This loses data; consent with: --allow-data-loss {string.Join(' ', plan.Consents.Select(PlainText.Of))}";
        }
    }

    private static string Summary(PlanResponse plan)
    {
        int Count(PlannedChange.Types.Action action) => plan.Changes.Count(c => c.Action == action);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(PlannedChange.Types.Action.Create)} to create, {Count(PlannedChange.Types.Action.Change)} to change, {Count(PlannedChange.Types.Action.Replace)} to replace, {Count(PlannedChange.Types.Action.Delete)} to delete.");
    }

    private static (string Mark, string Verb) Words(PlannedChange.Types.Action action) => action switch
    {
        PlannedChange.Types.Action.Create => ("+", "create"),
        PlannedChange.Types.Action.Change => ("~", "change"),
        PlannedChange.Types.Action.Replace => ("±", "replace"),
        PlannedChange.Types.Action.Delete => ("-", "delete"),
        _ => ("?", "unknown"),
    };

    private static string Value(string json) => json.Length == 0 ? "(none)" : PlainText.Of(json);
}
