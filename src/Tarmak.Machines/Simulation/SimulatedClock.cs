namespace Tarmak.Machines.Simulation;

/// <summary>The clock of a simulated world: it stands still until the next event. Its timers are events like all others.</summary>
public sealed class SimulatedClock : TimeProvider
{
    /// <summary>Where every world begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Action<TimeSpan, Action> after;

    internal SimulatedClock(Action<TimeSpan, Action> after) => this.after = after;

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; private set; } = Beginning;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(after, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    internal void AdvanceTo(DateTimeOffset time) => Now = time;

    private sealed class SimulatedTimer(Action<TimeSpan, Action> after, Action callback) : ITimer
    {
        private int setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Set(++setting, dueTime, period);
            return true;
        }

        public void Dispose() => setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(int number, TimeSpan due, TimeSpan period)
        {
            if (due == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            after(due, () =>
            {
                if (number == setting)
                {
                    Set(number, period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan, period);
                    callback();
                }
            });
        }
    }
}
