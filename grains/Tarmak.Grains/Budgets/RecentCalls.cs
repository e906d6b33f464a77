namespace Tarmak.Grains.Budgets;

/// <summary>Counts calls, and tells how many there were in a recent second. Not safe for use by several threads.</summary>
/// <param name="time">The clock.</param>
internal sealed class RecentCalls(TimeProvider time)
{
    private long begun = time.GetTimestamp();
    private int before;
    private int now;

    /// <summary>The most of this second and the last.</summary>
    public double PerSecond
    {
        get
        {
            Turn();
            return Math.Max(before, now);
        }
    }

    /// <summary>A call is made.</summary>
    public void Count()
    {
        Turn();
        now++;
    }

    private void Turn()
    {
        var passed = time.GetElapsedTime(begun);
        if (passed >= TimeSpan.FromSeconds(1))
        {
            before = passed < TimeSpan.FromSeconds(2) ? now : 0;
            (begun, now) = (time.GetTimestamp(), 0);
        }
    }
}
