namespace Tarmak.Grains.Exports;

/// <summary>When an environment is exported next, and what of it changed.</summary>
/// <param name="environment">Name of the environment.</param>
/// <param name="export">Its export.</param>
/// <param name="time">The clock.</param>
internal sealed class ExportTurn(string environment, EnvironmentExport export, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private HashSet<string?> clusters = [];
    private bool knowsChanges;
    private bool isLookDue;
    private long? firstChange;
    private long lastChange;
    private long? pausedAt;
    private TimeSpan pause;

    /// <summary>Name of the environment.</summary>
    public string Environment => environment;

    /// <summary>Its export.</summary>
    public EnvironmentExport Export => export;

    /// <summary>The export under way, or the last one.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Since when something changed that is not exported; null: nothing did.</summary>
    public DateTimeOffset? BehindSince => firstChange is { } first ? time.GetUtcNow() - time.GetElapsedTime(first) : null;

    /// <summary>Whether something changed that is not exported.</summary>
    public bool HasChanges => firstChange is not null;

    /// <summary>A machine changed.</summary>
    public void Changed(string? cluster, long at)
    {
        clusters.Add(cluster);
        firstChange ??= at;
        lastChange = at;
    }

    /// <summary>Something may have changed that no machine tells of.</summary>
    public void LookDue(long at)
    {
        isLookDue = true;
        lastChange = Math.Max(lastChange, at);
    }

    /// <summary>Whether it is to be exported now.</summary>
    public bool IsDue() => Running.IsCompleted && DueIn() <= TimeSpan.Zero;

    /// <summary>In how long it is to be exported; null: when something changes.</summary>
    public TimeSpan? DueIn()
    {
        if (!isLookDue && !HasChanges)
        {
            return null;
        }

        if (!Running.IsCompleted)
        {
            return null;
        }

        var settled = StateExporter.Quiet - time.GetElapsedTime(lastChange);
        var atLast = firstChange is { } first ? StateExporter.Longest - time.GetElapsedTime(first) : TimeSpan.Zero;
        var due = HasChanges ? Min(settled, atLast) : TimeSpan.Zero;
        var rested = pausedAt is { } at ? pause - time.GetElapsedTime(at) : TimeSpan.Zero;
        return Max(TimeSpan.Zero, Max(due, rested));
    }

    /// <summary>Takes what is to be exported; what changes from now on is the next turn's.</summary>
    public Work Take()
    {
        var work = new Work(knowsChanges ? clusters : null, clusters, firstChange);
        (clusters, isLookDue, firstChange) = ([], false, null);
        return work;
    }

    /// <summary>It was exported.</summary>
    public void Succeeded() => (knowsChanges, pausedAt, pause) = (true, null, TimeSpan.Zero);

    /// <summary>It was not; what was taken is still to do.</summary>
    public void Failed(Work work)
    {
        clusters.UnionWith(work.All);
        firstChange = work.FirstChange ?? firstChange;
        isLookDue = true;
        pause = pause == TimeSpan.Zero ? ShortestPause : Min(pause * 2, LongestPause);
        pausedAt = time.GetTimestamp();
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>What is to be exported.</summary>
    /// <param name="Clusters">The parts that changed; null: it is not known.</param>
    /// <param name="All">The parts of which it is known that they changed.</param>
    /// <param name="FirstChange">When the first of them did.</param>
    internal sealed record Work(IReadOnlyCollection<string?>? Clusters, HashSet<string?> All, long? FirstChange);
}
