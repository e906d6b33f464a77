namespace Tarmak.Providers.S3;

/// <summary>How a write ended that the server answered.</summary>
internal abstract record PutOutcome
{
    private PutOutcome()
    {
    }

    /// <summary>It is stored.</summary>
    /// <param name="ETag">The new version's ETag.</param>
    public sealed record Stored(string ETag) : PutOutcome;

    /// <summary>Its condition did not hold, and nothing changed.</summary>
    public sealed record Refused : PutOutcome;

    /// <summary>Another write of the key was under way, and nothing changed: whether the condition holds is not known.</summary>
    public sealed record Crossed : PutOutcome;

    /// <summary>The server does not do conditional writes, and nothing changed.</summary>
    public sealed record NotOffered : PutOutcome;
}
