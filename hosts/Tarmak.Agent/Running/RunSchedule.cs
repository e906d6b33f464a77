using Tarmak.Agent.Configuration;

namespace Tarmak.Agent.Running;

/// <summary>When the next run is due. A run that changed something is followed by one that proves convergence.</summary>
/// <param name="clock">The time.</param>
/// <param name="random">Spreads machines over time.</param>
internal sealed class RunSchedule(TimeProvider clock, Random random)
{
    /// <summary>Runs at once, one after the other, that may change something before it counts as a failure to settle.</summary>
    public const int MostChangingRuns = 5;

    private static readonly TimeSpan Cadence = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private int _failures;
    private int _changes;

    /// <summary>Whether a run is due.</summary>
    public bool Due => clock.GetUtcNow() >= _next;

    /// <summary>Time until the next run; zero where it is due.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan remaining = _next - clock.GetUtcNow();
            return _next == DateTimeOffset.MinValue || remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
        }
    }

    /// <summary>A new bundle came: run at once and forget how the earlier one went.</summary>
    public void Reset()
    {
        _next = DateTimeOffset.MinValue;
        _failures = 0;
        _changes = 0;
    }

    /// <summary>Notes how a run ended.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="cadence">When the engine wants the next one of an unchanged bundle; null: it has not said.</param>
    public void Ran(RunResult result, TimeSpan? cadence)
    {
        switch (result)
        {
            case RunResult.Unchanged:
                _failures = 0;
                _changes = 0;
                _next = clock.GetUtcNow() + Spread(cadence ?? Cadence);
                break;
            case RunResult.Changed when ++_changes < MostChangingRuns:
                _failures = 0;
                _next = DateTimeOffset.MinValue;
                break;
            default:
                _next = clock.GetUtcNow() + Spread(Doubled(_failures++));
                break;
        }
    }

    private static TimeSpan Doubled(int failures)
    {
        TimeSpan delay = FirstRetry * Math.Pow(2, Math.Min(failures, 16));
        return delay < LongestRetry ? delay : LongestRetry;
    }

    private TimeSpan Spread(TimeSpan delay) => delay * (0.9 + (random.NextDouble() * 0.2));
}
