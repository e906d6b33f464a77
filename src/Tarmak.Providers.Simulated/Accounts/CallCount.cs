namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>What became of the calls that one limit counts.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Taken">Calls that were let in.</param>
/// <param name="Refused">Calls that were one too many.</param>
internal sealed record CallCount(CallLimit Limit, long Taken, long Refused)
{
    /// <summary>The time in which so many calls are let in, at the long run's rate.</summary>
    public TimeSpan Needed => TimeSpan.FromSeconds(Taken / Limit.PerSecond);
}
