namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>What goes wrong with a request.</summary>
internal abstract record Disturbance
{
    private Disturbance()
    {
    }

    /// <summary>The connection is cut before the request takes effect.</summary>
    public sealed record CutBefore : Disturbance;

    /// <summary>The connection is cut after the request took effect.</summary>
    public sealed record CutAfter : Disturbance;

    /// <summary>Another answer comes, and nothing takes effect.</summary>
    /// <param name="Answer">The answer.</param>
    public sealed record Instead(S3Answer Answer) : Disturbance;

    /// <summary>No answer comes as long as the connection stands.</summary>
    /// <param name="Arrived">Told when the request is there.</param>
    public sealed record Silence(TaskCompletionSource Arrived) : Disturbance;
}
