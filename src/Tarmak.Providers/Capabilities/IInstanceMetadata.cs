using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability InstanceMetadata: what a machine can prove about itself. The engine challenges it with a nonce; the program
/// <see cref="EvidenceProgram"/> of its machine image, which only root can use, answers with evidence; the provider says
/// whether it is this machine's.
/// </summary>
public interface IInstanceMetadata
{
    /// <summary>
    /// The program in machine images that makes evidence: run with the nonce in hexadecimal digits as its only argument, it
    /// prints the evidence in base64.
    /// </summary>
    const string EvidenceProgram = "/usr/lib/tarmak/evidence";

    /// <summary>What its evidence is worth.</summary>
    EvidenceStrength Strength { get; }

    /// <summary>Looks whether evidence comes from a machine. Changes nothing.</summary>
    /// <param name="challenge">The challenge it answers.</param>
    /// <param name="evidence">The evidence, as the machine gave it; anybody's bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it proves.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken);
}

/// <summary>A challenge to a machine.</summary>
/// <param name="Owner">Key of the machine's owner, as in its marks, for example <c>dev/demo/etcd/0#machine/main</c>.</param>
/// <param name="MachineId">The provider's id of the machine it must be, where it is known yet.</param>
/// <param name="Nonce">What makes the challenge one of its kind.</param>
public sealed record EvidenceChallenge(string Owner, string? MachineId, ReadOnlyMemory<byte> Nonce);

/// <summary>What evidence proves.</summary>
/// <param name="MachineId">The provider's id of the machine it comes from; null where it proves nothing.</param>
/// <param name="Reason">Why it proves nothing, in one sentence; else null.</param>
public sealed record EvidenceVerdict(string? MachineId, string? Reason)
{
    /// <summary>It comes from this machine.</summary>
    /// <param name="machineId">The provider's id.</param>
    /// <returns>The verdict.</returns>
    public static EvidenceVerdict Proven(string machineId) => new(machineId, null);

    /// <summary>It proves nothing.</summary>
    /// <param name="reason">Why, in one sentence.</param>
    /// <returns>The verdict.</returns>
    public static EvidenceVerdict Refused(string reason) => new(null, reason);
}
