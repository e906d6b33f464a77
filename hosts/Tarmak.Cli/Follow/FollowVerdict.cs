namespace Tarmak.Cli.Follow;

/// <summary>How following stands.</summary>
/// <param name="Kind">Whether and how it ended.</param>
/// <param name="Sentences">What the user has to know.</param>
internal sealed record FollowVerdict(FollowVerdictKind Kind, IReadOnlyList<string> Sentences)
{
    /// <summary>It goes on.</summary>
    public static readonly FollowVerdict Following = new(FollowVerdictKind.Following, []);

    /// <summary>The goal is reached.</summary>
    public static readonly FollowVerdict Reached = new(FollowVerdictKind.Reached, []);
}
