using Tarmak.Machines.Budgets;

namespace Tarmak.Machines;

/// <summary>What a decision may know beside state and input.</summary>
/// <param name="Now">The time.</param>
/// <param name="Busy">Whether a call is outstanding; then no other is started.</param>
/// <param name="NextCallId">Number the next call gets.</param>
/// <param name="Jitter">A number in [0, 1) for back-offs.</param>
/// <param name="NewUid">Makes an identity.</param>
public sealed record Moment(DateTimeOffset Now, bool Busy, long NextCallId, double Jitter, Func<string> NewUid)
{
    /// <summary>The wake-up this activation has asked for and not had yet.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether a call may be made now; the answer yes takes it from the account's budget, so the call follows.</summary>
    public Func<CallAsk, bool> Admits { get; init; } = static _ => true;

    /// <summary>The call that this activation waits to be allowed; null: none.</summary>
    public CallAsk? Waits { get; init; }

    /// <summary>Since when it waits for that call.</summary>
    public DateTimeOffset WaitsSince { get; init; }
}
