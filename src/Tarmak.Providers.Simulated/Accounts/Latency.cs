namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>How long something takes: log-normal, as the waits of most services are.</summary>
/// <param name="Median">Half take less.</param>
/// <param name="P99">One in a hundred takes longer; not below <paramref name="Median"/>.</param>
internal readonly record struct Latency(TimeSpan Median, TimeSpan P99)
{
    // The standard normal distribution's 99th percentile.
    private const double NinetyNinth = 2.3263478740408408;

    /// <summary>It takes no time.</summary>
    public static Latency None => default;

    public static Latency Of(double medianSeconds, double p99Seconds) => new(TimeSpan.FromSeconds(medianSeconds), TimeSpan.FromSeconds(p99Seconds));

    public TimeSpan Draw(ref Chance chance)
    {
        if (Median <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        var spread = Math.Log(P99 / Median) / NinetyNinth;
        return Median * Math.Exp(spread * chance.NextNormal());
    }
}
