namespace Tarmak.Machines.Budgets;

/// <summary>A call taken from a <see cref="LearnedRate"/>.</summary>
/// <param name="at">When.</param>
/// <param name="room">How much the bucket could have taken back.</param>
internal sealed class TakenCall(TimeSpan at, double room)
{
    public TimeSpan At { get; } = at;

    /// <summary>The least room the bucket has had since.</summary>
    public double Room { get; set; } = room;
}
