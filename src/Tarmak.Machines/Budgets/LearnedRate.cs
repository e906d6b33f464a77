namespace Tarmak.Machines.Budgets;

/// <summary>
/// How many calls an account is allowed, as far as is known: what its cloud declares, lowered at once where the cloud
/// says it was too much, and raised again little by little while more is wanted. Where nothing is declared there is no
/// limit until the cloud speaks of one.
/// </summary>
internal sealed class LearnedRate
{
    /// <summary>What is left of a rate that was too high.</summary>
    public const double Decrease = 0.7;

    /// <summary>What is left of a rate that nobody had counted with, measured over one second.</summary>
    public const double FirstDecrease = 0.5;

    /// <summary>How much of the last rate that was too high comes back in a second.</summary>
    public const double IncreasePerSecond = 0.01;

    /// <summary>How much of it comes back with a call where nothing is declared and calls are few: a rate that rose by the clock would be refused with every few of them.</summary>
    public const double IncreasePerCall = 0.001;

    /// <summary>No rate is learned that is lower: a call in ten seconds tells whether the cloud has relented.</summary>
    public const double Least = 0.1;

    /// <summary>A call is not at the cloud when it is let go; calls let go over this time may arrive at once.</summary>
    public static readonly TimeSpan Bunching = TimeSpan.FromSeconds(2);

    /// <summary>After this time without a refusal a rate rises twice as fast, and so on.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly CallRate? declared;
    private readonly HashSet<TakenCall> taken = [];
    private readonly double least;
    private double perSecond;
    private double reference;
    private double burst;
    private double left;
    private bool wanting;
    private TimeSpan filledAt;
    private TimeSpan? refusedAt;

    public LearnedRate(CallRate? declared, TimeSpan now)
    {
        this.declared = declared;
        filledAt = now;
        IsOpen = declared is null;
        least = Math.Min(Least, declared?.PerSecond ?? Least);
        if (declared is not null)
        {
            perSecond = reference = declared.PerSecond;
            left = burst = BurstOf(declared);
        }
    }

    /// <summary>Whether no limit is known.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Calls a second in the long run; null where no limit is known.</summary>
    public double? PerSecond => IsOpen ? null : perSecond;

    /// <summary>Calls at once after a rest.</summary>
    public double Burst => burst;

    /// <summary>Takes one call; null where none is left.</summary>
    public TakenCall? TryTake(TimeSpan now)
    {
        if (IsOpen)
        {
            return new TakenCall(now, 0);
        }

        Fill(now);
        if (left < 1)
        {
            wanting = true;
            return null;
        }

        left--;
        var call = new TakenCall(now, burst - left);
        taken.Add(call);
        return call;
    }

    /// <summary>When the next call is left.</summary>
    public TimeSpan NextAt(TimeSpan now)
    {
        if (IsOpen)
        {
            return now;
        }

        Fill(now);

        // A tick more: what rounding leaves must not be a call short.
        return left >= 1 ? now : now + TimeSpan.FromSeconds((1 - left) / perSecond) + TimeSpan.FromTicks(1);
    }

    /// <summary>A call that was taken was not made. What the bucket would have lost over its brim meanwhile does not come back.</summary>
    public void Return(TakenCall call)
    {
        if (taken.Remove(call))
        {
            Raise(Math.Min(1, call.Room));
        }
    }

    /// <summary>A call that was taken was made, or counts as made.</summary>
    public void Spend(TakenCall call) => taken.Remove(call);

    /// <summary>The cloud refused a call as one too many.</summary>
    /// <param name="takenAt">When the call was taken. Those taken before the rate was last lowered tell nothing new.</param>
    /// <param name="measured">Calls made in a recent second, which count where no limit was known.</param>
    /// <param name="now">The time.</param>
    public void Refused(TimeSpan takenAt, double measured, TimeSpan now)
    {
        if (takenAt < refusedAt)
        {
            return;
        }

        if (IsOpen)
        {
            IsOpen = false;
            reference = Math.Max(least, measured);
            perSecond = Math.Max(least, measured * FirstDecrease);
            burst = Math.Max(1, perSecond);
        }
        else
        {
            Fill(now);
            reference = perSecond;
            perSecond = Math.Max(least, perSecond * Decrease);
        }

        left = 0;
        filledAt = now;
        refusedAt = now;
    }

    private static double BurstOf(CallRate declared) =>
        Math.Max(1, Math.Min(declared.Burst * 0.9, declared.Burst - (declared.PerSecond * Bunching.TotalSeconds)));

    private void Fill(TimeSpan now)
    {
        if (now <= filledAt)
        {
            return;
        }

        var passed = (now - filledAt).TotalSeconds;
        Raise(passed * perSecond);
        filledAt = now;
        if (wanting && refusedAt is { } at)
        {
            var faster = 1 + ((now - at) / Quiet);

            // What is declared stops the rise; what is not is found by going too far, now and then.
            var increase = declared is null ? Math.Min(IncreasePerSecond, IncreasePerCall * perSecond) : IncreasePerSecond;
            perSecond += passed * reference * increase * faster;
            if (declared is not null)
            {
                perSecond = Math.Min(perSecond, declared.PerSecond);
            }
            else
            {
                burst = Math.Max(1, perSecond);
            }
        }

        wanting = false;
    }

    private void Raise(double by)
    {
        left = Math.Min(burst, left + by);
        foreach (var call in taken)
        {
            call.Room = Math.Min(call.Room, burst - left);
        }
    }
}
