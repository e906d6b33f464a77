using Tarmak.Machines.Steps;

namespace Tarmak.Machines.State;

/// <summary>
/// One external effect, committed before the call. It holds all a successor needs to resolve it: the parameters a
/// retry must send, the token, and when it was last sent.
/// </summary>
/// <param name="Step">Ensure or delete.</param>
/// <param name="Token">Idempotency token.</param>
/// <param name="Parameters">The parameters of the call, as JSON.</param>
/// <param name="SpecHash">Hash of <paramref name="Parameters"/>.</param>
/// <param name="ObjectId">The object it addresses, if known.</param>
/// <param name="Incarnation">The incarnation it is about.</param>
/// <param name="Handle">Handle of a step in progress.</param>
/// <param name="WrittenAt">When it was committed; a call for it is sent within the start deadline or not at all.</param>
public sealed record Intent(
    StepKind Step, string Token, string Parameters, string SpecHash, string? ObjectId, int Incarnation,
    string? Handle, DateTimeOffset WrittenAt)
{
    /// <summary>
    /// The creation failed or was given up, and nothing of it is under way; what it may have left under its token is
    /// found, or proven absent, before other parameters are sent.
    /// </summary>
    public bool Ended { get; init; }
}
