using System.Diagnostics;

namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>Waits for a condition of the world outside, by looking again and again until a deadline.</summary>
internal static class Eventually
{
    public static async Task<T> SeeAsync<T>(string what, TimeSpan within, Func<Task<T?>> look, CancellationToken cancellationToken)
        where T : class
    {
        var begun = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(begun) > within)
            {
                throw new TimeoutException($"Within {within} there was no {what}.");
            }

            await pace.WaitForNextTickAsync(cancellationToken);
        }
    }
}
