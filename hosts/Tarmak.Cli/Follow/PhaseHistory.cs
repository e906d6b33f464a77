using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Keeps when which step of which resource began, and says afterwards where the time went.</summary>
internal sealed class PhaseHistory
{
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

    /// <summary>A table: from when, how long, which step; in the order they began.</summary>
    public IReadOnlyList<string> Breakdown()
    {
        var rows = _own.Select(o => (o.From, o.To, o.Step)).ToList();
        foreach (var (key, entries) in _entries)
        {
            for (var i = 0; i + 1 < entries.Count; i++)
            {
                var entry = entries[i];
                if (entry.Phase is Phases.Ready or Phases.Pending || entries[i + 1].Since - entry.Since < s_worthTelling || entry.Since < _begun)
                {
                    continue;
                }

                var reason = entry.Reason.Length > 0 ? $"{entry.Phase} ({entry.Reason})" : entry.Phase;
                rows.Add((entry.Since, entries[i + 1].Since, $"{ResourceKeys.Shown(key)}  {reason}"));
            }
        }

        return
        [
            $"{"from",8}  {"took",8}  step",
            .. rows.OrderBy(r => r.From).ThenBy(r => r.Step, StringComparer.Ordinal)
                .Select(r => $"{Durations.Exact(r.From - _begun),8}  {Durations.Exact(r.To - r.From),8}  {PlainText.Of(r.Step)}"),
        ];
    }

    private sealed record Entry(string Phase, string Reason, DateTimeOffset Since);
}
