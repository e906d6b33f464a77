namespace Tarmak.Cli.Follow;

/// <summary>What a follower waits for.</summary>
internal enum FollowGoal
{
    /// <summary>Every target is as declared.</summary>
    Ready,

    /// <summary>Every target is gone.</summary>
    Gone,
}
