namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>
/// The clock of a machine of the kit. What it leaves out is time in which nothing can happen: the kit knows that no call is
/// under way, where an engine would have to wait for a call's deadline before it believes so.
/// </summary>
/// <param name="time">The clock of the account.</param>
internal sealed class KitClock(TimeProvider time) : TimeProvider
{
    private TimeSpan skipped;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + skipped;

    /// <summary>Comes to a later time of this clock.</summary>
    /// <param name="until">The time.</param>
    /// <param name="atMost">How much of the wait is real.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ComeToAsync(DateTimeOffset until, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var wait = until - GetUtcNow();
        var real = wait < atMost ? wait : atMost;
        var begun = time.GetTimestamp();

        // A timer may come a little early, and what is a bound is no matter of a little.
        while (real - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
        }

        if (until - GetUtcNow() is var rest && rest > TimeSpan.Zero)
        {
            skipped += rest;
        }
    }
}
