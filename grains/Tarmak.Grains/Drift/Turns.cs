namespace Tarmak.Grains.Drift;

/// <summary>Gives everybody one turn in a period, spread over it by name, without remembering anybody.</summary>
/// <param name="period">The period.</param>
/// <param name="time">The clock.</param>
internal sealed class Turns(TimeSpan period, TimeProvider time)
{
    private readonly long begun = time.GetTimestamp();
    private long until = period.Ticks;

    /// <summary>Goes on to now.</summary>
    /// <returns>Tells whose turn came since the last time.</returns>
    public Predicate<string> Next()
    {
        var from = until;
        var to = until = period.Ticks + time.GetElapsedTime(begun).Ticks;
        return name => Number(to, name) > Number(from, name);
    }

    private long Number(long moment, string name)
    {
        var place = (uint)string.GetHashCode(name, StringComparison.Ordinal) / (uint.MaxValue + 1.0);
        return (moment - (long)(place * period.Ticks)) / period.Ticks;
    }
}
