namespace Tarmak.Cli.Follow;

/// <summary>Whether and how following ended.</summary>
internal enum FollowVerdictKind
{
    /// <summary>It goes on.</summary>
    Following,

    /// <summary>The goal is reached.</summary>
    Reached,

    /// <summary>It cannot be reached before somebody acts.</summary>
    Blocked,

    /// <summary>Not within the time given.</summary>
    TimedOut,

    /// <summary>The engine is gone.</summary>
    EngineGone,
}
