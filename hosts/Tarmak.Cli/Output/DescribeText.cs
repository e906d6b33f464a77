using System.Globalization;

namespace Tarmak.Cli.Output;

/// <summary>One resource and everything below it as a tree.</summary>
internal static class DescribeText
{
    /// <summary>The lines, each of parts with a tone.</summary>
    /// <param name="root">The resource.</param>
    /// <param name="below">Everything below it.</param>
    /// <param name="now">Now.</param>
    public static IEnumerable<IReadOnlyList<TextPart>> Render(Resource root, IEnumerable<Resource> below, DateTimeOffset now)
    {
        foreach (var (title, value) in Head(root, now))
        {
            yield return [new TextPart($"{title + ":",-13}", Tone.Quiet), new TextPart(value, title == "Phase" ? Tones.Of(root.Phase) : Tone.Plain)];
        }

        yield return [];
        var children = below.Where(r => r.Key != root.Key)
            .GroupBy(r => ResourceKeys.Parent(r.Key) ?? "", StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Key.Contains('#', StringComparison.Ordinal)).ThenBy(r => r.Key, StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var lines = new List<(string Indent, Resource Resource)> { ("", root) };
        Collect(children, root.Key, "", lines);
        var width = lines.Max(l => l.Indent.Length + Title(l.Resource, l.Indent.Length == 0).Length);
        foreach (var (indent, resource) in lines)
        {
            yield return Line(indent, resource, width, now);
        }
    }

    private static IEnumerable<(string Title, string Value)> Head(Resource root, DateTimeOffset now)
    {
        yield return ("Name", ResourceKeys.Shown(root.Key));
        yield return ("Phase", root.PhaseSince is null ? root.Phase : $"{root.Phase} for {Ages.Of(root.PhaseSince, now)}");
        if (root.Message.Length > 0)
        {
            yield return ("Condition", PlainText.Of(root.Message));
        }

        yield return ("Age", Ages.Of(root.Created, now));
        yield return ("Generation", root.Generation == root.ObservedGeneration
            ? root.Generation.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{root.Generation} (in force: {root.ObservedGeneration})"));
        if (root.Endpoint.Length > 0)
        {
            yield return ("Endpoint", PlainText.Of(root.Endpoint));
        }

        yield return ("Uid", root.Uid);
    }

    private static void Collect(Dictionary<string, List<Resource>> children, string key, string indent, List<(string Indent, Resource Resource)> lines)
    {
        if (!children.TryGetValue(key, out var owned))
        {
            return;
        }

        for (var i = 0; i < owned.Count; i++)
        {
            var last = i == owned.Count - 1;
            lines.Add((indent + (last ? "└─ " : "├─ "), owned[i]));
            if (!owned[i].Key.Contains('#', StringComparison.Ordinal))
            {
                Collect(children, owned[i].Key, indent + (last ? "   " : "│  "), lines);
            }
        }
    }

    private static string Title(Resource resource, bool whole)
    {
        var kind = Kinds.Singular(resource.Kind) ?? resource.Kind;
        var hash = resource.Key.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            return resource.Key[(hash + 1)..].Replace('/', ' ');
        }

        var shown = ResourceKeys.Shown(resource.Key);
        return $"{kind} {(whole ? shown : shown[(shown.LastIndexOf('/') + 1)..])}";
    }

    private static TextPart[] Line(string indent, Resource resource, int width, DateTimeOffset now)
    {
        var title = Title(resource, indent.Length == 0);
        var tone = Tones.Of(resource.Phase);
        var ready = resource.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{resource.Ready}/{resource.Total}") : "";
        var message = PlainText.Of(resource.Message.Length > 0 ? resource.Message : resource.Address);
        var tail = $"  {ready,-5} {Ages.Of(resource.PhaseSince ?? resource.Created, now),-7}";
        return
        [
            new TextPart(indent, Tone.Quiet),
            new TextPart(title + new string(' ', width - indent.Length - title.Length + 2)),
            new TextPart($"{resource.Phase,-12}", tone),
            new TextPart(message.Length > 0 ? tail : tail.TrimEnd(), Tone.Quiet),
            new TextPart(message.Length > 0 ? " " + message : "", tone == Tone.Bad ? Tone.Bad : Tone.Plain),
        ];
    }
}
