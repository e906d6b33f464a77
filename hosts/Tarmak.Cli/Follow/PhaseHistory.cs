using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Keeps when which step of which resource began, and says afterwards where the time went.</summary>
internal sealed class PhaseHistory
{
    private const int Scale = 24;
    private const string Waiting = "Waiting";
    private static readonly TimeSpan s_worthTelling = TimeSpan.FromMilliseconds(300);
    private readonly Dictionary<string, List<Entry>> _entries = [];
    private readonly List<(string Step, DateTimeOffset From, DateTimeOffset To)> _own = [];
    private readonly DateTimeOffset _begun;

    /// <summary>Begins with nothing known.</summary>
    /// <param name="begun">When the command began; what happened before is left out.</param>
    public PhaseHistory(DateTimeOffset begun) => _begun = begun;

    /// <summary>Adds a step of the command itself.</summary>
    /// <param name="step">What it did.</param>
    /// <param name="from">When it began.</param>
    /// <param name="to">When it ended.</param>
    public void Add(string step, DateTimeOffset from, DateTimeOffset to) => _own.Add((step, from, to));

    /// <summary>Takes a change.</summary>
    /// <param name="resource">The resource as it is now.</param>
    /// <param name="now">Now.</param>
    public void Observe(Resource resource, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(resource.Key, out var entries))
        {
            _entries.Add(resource.Key, entries = []);
            if (resource.Created is { } created && created.ToDateTimeOffset() >= _begun && resource.Phase != Phases.Pending)
            {
                entries.Add(new Entry(Phases.Pending, "", created.ToDateTimeOffset()));
            }
        }

        // The phase's own time is exact; a change of reason within it is known only by when it was told.
        var since = resource.PhaseSince?.ToDateTimeOffset() ?? now;
        var samePhase = entries.Count > 0 && entries[^1].Phase == resource.Phase;
        if (samePhase && entries[^1].Reason == resource.Reason)
        {
            return;
        }

        entries.Add(new Entry(resource.Phase, resource.Reason, samePhase ? now : since));
    }

    /// <summary>
    /// A table: from when, how long, and on a common scale, which step; in the order they began. What only waited for
    /// others is left out: the others are listed.
    /// </summary>
    public IReadOnlyList<string> Breakdown()
    {
        var rows = _own.Select(o => (o.From, o.To, o.Step))
            .Concat(_entries.SelectMany(e => StepsOf(e.Key, e.Value)))
            .OrderBy(r => r.From).ThenBy(r => r.Step, StringComparer.Ordinal).ToList();
        var end = rows.Count == 0 ? _begun : rows.Max(r => r.To);
        return
        [
            $"{"from",8}  {"took",8}  {"",Scale}  step",
            .. rows.Select(r => $"{Durations.Exact(r.From - _begun),8}  {Durations.Exact(r.To - r.From),8}  {Bar(r.From, r.To, end),-Scale}  {PlainText.Of(r.Step)}"),
        ];
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset To, string Step)> StepsOf(string key, List<Entry> entries)
    {
        for (var i = 0; i + 1 < entries.Count; i++)
        {
            var (phase, reason, since) = entries[i];
            if (phase is Phases.Ready or Phases.Pending || reason == Waiting || since < _begun)
            {
                continue;
            }

            // A change of reason within a phase is the same work going on.
            while (i + 2 < entries.Count && entries[i + 1].Phase == phase && entries[i + 1].Reason != Waiting)
            {
                i++;
            }

            if (entries[i + 1].Since - since >= s_worthTelling)
            {
                yield return (since, entries[i + 1].Since, phase == Phases.Provisioning ? ResourceKeys.Shown(key) : $"{ResourceKeys.Shown(key)}  {phase}");
            }
        }
    }

    private string Bar(DateTimeOffset from, DateTimeOffset to, DateTimeOffset end)
    {
        var whole = (end - _begun).TotalSeconds;
        if (whole <= 0)
        {
            return "";
        }

        var first = Math.Min(Scale - 1, (int)((from - _begun).TotalSeconds / whole * Scale));
        var last = Math.Clamp((int)Math.Ceiling((to - _begun).TotalSeconds / whole * Scale), first + 1, Scale);
        return new string(' ', first) + new string('━', last - first);
    }

    private sealed record Entry(string Phase, string Reason, DateTimeOffset Since);
}
