namespace Tarmak.Grains.Hosting;

/// <summary>
/// Runs what must go on as long as the process does. The host would end the whole engine at the first exception of a
/// background service; a loop that ends, for whatever reason, is begun anew after a pause instead.
/// </summary>
public static class LastingLoop
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Runs a loop until it is stopped.</summary>
    /// <param name="loop">The loop; it is begun anew when it ends or throws.</param>
    /// <param name="tell">Told why it ended, once as long as the reason stays the same.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stoppingToken">Stops it.</param>
    /// <returns>A task that ends when it was stopped, without an exception.</returns>
    public static async Task RunAsync(Func<CancellationToken, Task> loop, Action<Exception> tell, TimeProvider time, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(time);
        var pause = ShortestPause;
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var failure = await TryAsync(loop, stoppingToken).ConfigureAwait(false);
            if (time.GetElapsedTime(begun) > LongestPause)
            {
                pause = ShortestPause;
                told = null;
            }

            if (failure is not null && failure.Message != told && !stoppingToken.IsCancellationRequested)
            {
                tell(failure);
                told = failure.Message;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async Task<Exception?> TryAsync(Func<CancellationToken, Task> loop, CancellationToken stoppingToken)
    {
        try
        {
            await loop(stoppingToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The boundary of a loop: nothing that one round meets may end the rounds after it.
            return failure;
        }
    }
}
