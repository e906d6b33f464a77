namespace Tarmak.Machines.Steps;

/// <summary>When a failed or unknown step is tried again, and whether its owner has to act.</summary>
public static class RetryPolicy
{
    /// <summary>Whether trying again as it is cannot help before the owner acts.</summary>
    /// <param name="error">The error's class.</param>
    /// <returns>True if the machine is blocked on its owner.</returns>
    public static bool OwnerMustAct(ErrorClass error) => error is
        ErrorClass.Unauthenticated or ErrorClass.Unauthorized or ErrorClass.QuotaExceeded or ErrorClass.Conflict or
        ErrorClass.InvalidSpec or ErrorClass.Terminal;

    /// <summary>How long to wait after a failure: exponential, with jitter over its upper half, bounded by class.</summary>
    /// <param name="error">The error's class; null for an unknown outcome.</param>
    /// <param name="attempts">Failures in a row, this one included; at least 1.</param>
    /// <param name="jitter">A number in [0, 1).</param>
    /// <returns>The wait.</returns>
    public static TimeSpan Delay(ErrorClass? error, int attempts, double jitter)
    {
        var (first, most) = error switch
        {
            null or ErrorClass.Transient => (0.5, 30.0),
            ErrorClass.RateLimited => (2.0, 60.0),
            ErrorClass.ResourcesDepleted => (15.0, 300.0),
            ErrorClass.DependencyMissing or ErrorClass.NotFound => (1.0, 30.0),
            _ => (10.0, 300.0),
        };
        var seconds = Math.Min(most, first * Math.Pow(2, Math.Min(attempts - 1, 16)));
        return TimeSpan.FromSeconds(seconds * (0.5 + (0.5 * jitter)));
    }
}
