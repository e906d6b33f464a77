namespace Tarmak.Providers.Simulated.Scenarios;

/// <summary>What happens to a call that a fault is placed on.</summary>
internal enum FaultKind
{
    /// <summary>It is refused, and nothing is done.</summary>
    Fail,

    /// <summary>It is done, and the answer is lost.</summary>
    LoseReply,

    /// <summary>Nothing is done and no answer comes until the caller gives up.</summary>
    Hang,

    /// <summary>It is done half, and the answer is lost.</summary>
    Partial,
}
