using System.Globalization;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Draws the tree of what is going on, no higher than the terminal.</summary>
internal static class ProgressTree
{
    /// <summary>The lines of one frame.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="now">Now.</param>
    /// <param name="elapsed">Since the command began.</param>
    /// <param name="width">Characters a line may take.</param>
    /// <param name="height">Lines there may be.</param>
    /// <param name="notice">What is to be said of the connection; empty: nothing.</param>
    public static IReadOnlyList<IReadOnlyList<TextPart>> Render(FollowState state, DateTimeOffset now, TimeSpan elapsed, int width, int height, string notice)
    {
        var resources = state.Relevant.ToList();
        var nodes = Nodes(resources).ToList();

        // What is ready needs no details when there is not enough room: its objects go first, then its instances.
        foreach (var detail in (ReadOnlySpan<int>)[3, 2, 1])
        {
            if (nodes.Count + 1 <= height)
            {
                break;
            }

            nodes.RemoveAll(n => n.Resource.Phase == Phases.Ready && n.Depth >= detail);
        }

        var lines = new List<IReadOnlyList<TextPart>>(nodes.Count + 2);
        lines.AddRange(nodes.Take(Math.Max(1, height - 1)).Select(n => Line(n.Resource, n.Depth, n.Objects, now, width)));
        lines.Add(Footer(resources, elapsed, notice, width));
        return lines;
    }

    private static IEnumerable<(Resource Resource, int Depth, string Objects)> Nodes(List<Resource> resources)
    {
        foreach (var resource in resources.Where(r => !r.Key.Contains('#', StringComparison.Ordinal)))
        {
            var depth = resource.Key.AsSpan().Count('/');
            var owned = resources.Where(r => r.Key.StartsWith(resource.Key + "#", StringComparison.Ordinal)).ToList();
            var ready = owned.Count(r => r.Phase == Phases.Ready);
            yield return (resource, depth, owned.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ready}/{owned.Count}"));
            foreach (var capability in owned.Where(r => r.Phase is not (Phases.Ready or Phases.Pending)))
            {
                yield return (capability, depth + 1, "");
            }
        }
    }

    private static List<TextPart> Line(Resource resource, int depth, string objects, DateTimeOffset now, int width)
    {
        var hash = resource.Key.IndexOf('#', StringComparison.Ordinal);
        var name = hash >= 0 ? resource.Key[(hash + 1)..].Replace('/', ' ')
            : depth < 2 ? resource.Key
            : ResourceKeys.Shown(resource.Key)[(ResourceKeys.Shown(resource.Key).LastIndexOf('/') + 1)..];
        var indent = new string(' ', depth * 2);
        var tone = Tones.Of(resource.Phase);
        var since = resource.PhaseSince is null || resource.Phase == Phases.Ready ? "" : Durations.Short(now - resource.PhaseSince.ToDateTimeOffset());
        var head = $"{indent}{Tones.Mark(resource.Phase)} ";
        var title = name.PadRight(Math.Max(0, 26 - head.Length));
        var phase = $" {resource.Phase,-13}";
        var numbers = $"{objects,6} {since,6}  ";
        var message = resource.Phase == Phases.Ready ? PlainText.Of(resource.Endpoint) : PlainText.Of(resource.Message);
        var room = width - head.Length - title.Length - phase.Length - numbers.Length;
        return
        [
            new TextPart(head, tone),
            new TextPart(PlainText.Cut(title, Math.Max(1, width - head.Length))),
            new TextPart(room < 0 ? "" : phase, tone),
            new TextPart(room < 0 ? "" : numbers, Tone.Quiet),
            new TextPart(PlainText.Cut(message, Math.Max(0, room)), tone == Tone.Bad ? Tone.Bad : Tone.Plain),
        ];
    }

    private static List<TextPart> Footer(List<Resource> resources, TimeSpan elapsed, string notice, int width)
    {
        var ready = resources.Count(r => r.Phase == Phases.Ready);
        var text = string.Create(CultureInfo.InvariantCulture, $"  {Durations.Exact(elapsed)}  {ready} of {resources.Count} ready");
        return notice.Length == 0
            ? [new TextPart(PlainText.Cut(text, width), Tone.Quiet)]
            : [new TextPart(text, Tone.Quiet), new TextPart(PlainText.Cut("  " + notice, Math.Max(0, width - text.Length)), Tone.Bad)];
    }
}
