using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Evidence, taken wrongly in one way each.</summary>
internal static class WrongMetadata
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("takes any evidence there is", "evidence-of-another-machine-is-refused", new TakesAny()),
        Of("does not look at the nonce", "evidence-for-another-nonce-is-refused", new TakesAny()),
        Of("believes without evidence", "what-is-no-evidence-is-refused", new Believes()),
        Of("throws over what is no evidence", "what-is-no-evidence-is-refused", new Throws()),
        Of("needs the id to know a machine", "evidence-of-the-machine-is-taken", new NeedsTheId()),
    ];

    private static WrongDriver Of(string what, string caught, MemoryMachines machines) =>
        new(what, $"instanceMetadata/{caught}", MemoryCloud.Of(machines: machines).Open);

    private sealed class TakesAny : MemoryMachines
    {
        public override Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken) =>
            Task.FromResult(IdOf(challenge.Owner) is { } id && evidence.Length == 32 ? EvidenceVerdict.Proven(id) : EvidenceVerdict.Refused("There is none."));
    }

    private sealed class Believes : MemoryMachines
    {
        public override Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken) =>
            Task.FromResult(EvidenceVerdict.Proven(challenge.MachineId ?? IdOf(challenge.Owner) ?? "machine"));
    }

    private sealed class Throws : MemoryMachines
    {
        public override Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken) =>
            evidence.IsEmpty ? throw new FormatException("It is empty.") : base.VerifyAsync(challenge, evidence, cancellationToken);
    }

    private sealed class NeedsTheId : MemoryMachines
    {
        public override Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken) =>
            challenge.MachineId is null ? Task.FromResult(EvidenceVerdict.Refused("It is not known which machine.")) : base.VerifyAsync(challenge, evidence, cancellationToken);
    }
}
