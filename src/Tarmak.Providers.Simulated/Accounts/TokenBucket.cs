namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Calls that are left of a limit. Not safe for use by several threads.</summary>
/// <param name="limit">The limit.</param>
internal sealed class TokenBucket(CallLimit limit)
{
    private double left = limit.Burst;
    private long filledAt;

    /// <summary>The limit.</summary>
    public CallLimit Limit => limit;

    /// <summary>Calls that were let in.</summary>
    public long Taken { get; private set; }

    /// <summary>Calls that were one too many.</summary>
    public long Refused { get; private set; }

    /// <summary>Takes one call; false where none is left.</summary>
    public bool TryTake(long now)
    {
        if (now > filledAt)
        {
            left = Math.Min(limit.Burst, left + (TimeSpan.FromTicks(now - filledAt).TotalSeconds * limit.PerSecond));
            filledAt = now;
        }

        if (left < 1)
        {
            Refused++;
            return false;
        }

        left--;
        Taken++;
        return true;
    }
}
