namespace Tarmak.Machines.Simulation;

/// <summary>The clock of a simulated world: it stands still until the next event.</summary>
public sealed class SimulatedClock : TimeProvider
{
    /// <summary>Where every world begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; private set; } = Beginning;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.UtcTicks;

    internal void AdvanceTo(DateTimeOffset time) => Now = time;
}
