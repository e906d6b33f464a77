using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated;

/// <summary>Machines' evidence: the account says which machine it is of, and the machine's marks whose that is.</summary>
/// <param name="calls">The way to the cloud.</param>
/// <param name="profile">What sort it is.</param>
/// <param name="installation">The installation.</param>
internal sealed class SimulatedMetadata(StoreCalls calls, CloudProfile profile, string installation) : IInstanceMetadata
{
    /// <inheritdoc/>
    public EvidenceStrength Strength => profile.Evidence;

    /// <inheritdoc/>
    public async Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(
            new CloudRequest(CloudMethod.CheckEvidence, ResourceKinds.Machine) { Content = evidence.ToArray(), Nonce = challenge.Nonce.ToArray() }, cancellationToken).ConfigureAwait(false);
        if (reply.Objects is not [var machine])
        {
            return EvidenceVerdict.Refused("It is no evidence of any machine for this nonce.");
        }

        var marks = profile.MarkOf(Kinds.Machines.Kind) == ObjectMark.Companion ? await CompanionAsync(machine, cancellationToken).ConfigureAwait(false) : machine.Marks;
        return marks?.Installation == installation && marks.Owner == challenge.Owner && (challenge.MachineId is null || challenge.MachineId == machine.Id)
            ? EvidenceVerdict.Proven(machine.Id)
            : EvidenceVerdict.Refused($"It is evidence of machine {machine.Id}, which is not that of {challenge.Owner}.");
    }

    private async Task<OwnerMarks?> CompanionAsync(CloudObject machine, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(Companion.Reading(machine.Kind, machine.Name), cancellationToken).ConfigureAwait(false);
        return reply.Records is [var record] ? Companion.Of(record).Marks : null;
    }
}
