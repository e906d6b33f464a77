using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of machines' evidence, given by real machines.</summary>
internal static class InstanceMetadataChecks
{
    private const int NonceLength = 32;
    private const int FirstOffset = 22;
    private const int SecondOffset = 23;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        Check("evidence-of-the-machine-is-taken", "Evidence that a machine gives for a nonce proves it, by its owner alone and with its id.", async (scope, t) =>
        {
            var (owner, id, nonce) = await OneAsync(scope, "one", FirstOffset, t).ConfigureAwait(false);
            var evidence = await Senders.EvidenceAsync(scope, id, nonce, t).ConfigureAwait(false);
            foreach (var known in new[] { id, null })
            {
                var verdict = await VerifyAsync(scope, new EvidenceChallenge(owner, known, nonce), evidence, t).ConfigureAwait(false);
                Expect.That(verdict.MachineId == id, $"A machine's own evidence was told to prove {verdict.MachineId ?? "nothing"}: {verdict.Reason}");
            }
        }),
        Check("evidence-for-another-nonce-is-refused", "Evidence that was given for another nonce proves nothing, where the sheet says that nonces are signed.", async (scope, t) =>
        {
            var (owner, id, nonce) = await OneAsync(scope, "one", FirstOffset, t).ConfigureAwait(false);
            await RefusedAsync(scope, new EvidenceChallenge(owner, id, RandomNumberGenerator.GetBytes(NonceLength)), await Senders.EvidenceAsync(scope, id, nonce, t).ConfigureAwait(false), "Evidence for another nonce", t).ConfigureAwait(false);
        }, static p => p.InstanceMetadata!.Strength == EvidenceStrength.NonceSigned) with
        {
            ExcludedBy = static sheet => sheet.Find<InstanceMetadataSheet>() is { Strength: not EvidenceStrength.NonceSigned } ? "its evidence takes no nonce" : null,
        },
        Check("evidence-of-another-machine-is-refused", "Evidence that another machine gives for the nonce proves nothing.", async (scope, t) =>
        {
            var (owner, id, nonce) = await OneAsync(scope, "one", FirstOffset, t).ConfigureAwait(false);
            var other = await OneAsync(scope, "other", SecondOffset, t).ConfigureAwait(false);
            var evidence = await Senders.EvidenceAsync(scope, other.Id, nonce, t).ConfigureAwait(false);
            foreach (var known in new[] { id, null })
            {
                await RefusedAsync(scope, new EvidenceChallenge(owner, known, nonce), evidence, "Evidence of another machine", t).ConfigureAwait(false);
            }
        }),
        Check("what-is-no-evidence-is-refused", "Nothing, bytes without sense, and evidence for a machine that is not there prove nothing and throw nothing.", async (scope, t) =>
        {
            var (owner, id, nonce) = await OneAsync(scope, "one", FirstOffset, t).ConfigureAwait(false);
            var challenge = new EvidenceChallenge(owner, id, nonce);
            await RefusedAsync(scope, challenge, [], "No evidence", t).ConfigureAwait(false);
            await RefusedAsync(scope, challenge, RandomNumberGenerator.GetBytes(NonceLength), "Evidence without sense", t).ConfigureAwait(false);
            await RefusedAsync(
                scope, challenge with { Owner = owner + "-nobody", MachineId = null }, await Senders.EvidenceAsync(scope, id, nonce, t).ConfigureAwait(false), "Evidence for a machine that is not there", t).ConfigureAwait(false);
        }),
    ];

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run, Func<IProvider, bool>? isOffered = null) => new(
        $"{CapabilityNames.InstanceMetadata}/{behaviour}", demand,
        p => p is { InstanceMetadata: not null, Compute: not null } && Senders.AreThere(p) && isOffered?.Invoke(p) != false, run);

    private static async Task<(string Owner, string Id, byte[] Nonce)> OneAsync(CheckScope scope, string part, int offset, CancellationToken cancellationToken)
    {
        var machine = new Specimen<MachineSpec>(
            scope, scope.Provider.Compute!.Machines, ResourceKinds.Machine, await ComputeChecks.MachineAsync(scope, offset, cancellationToken).ConfigureAwait(false), part);
        var made = ResourceJson.Read<MachineOutputs>((await machine.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
        return (machine.Call.Marks.Owner, made.MachineId, RandomNumberGenerator.GetBytes(NonceLength));
    }

    private static Task<EvidenceVerdict> VerifyAsync(CheckScope scope, EvidenceChallenge challenge, byte[] evidence, CancellationToken cancellationToken) =>
        scope.Provider.InstanceMetadata!.VerifyAsync(challenge, evidence, cancellationToken);

    private static async Task RefusedAsync(CheckScope scope, EvidenceChallenge challenge, byte[] evidence, string what, CancellationToken cancellationToken)
    {
        var verdict = await VerifyAsync(scope, challenge, evidence, cancellationToken).ConfigureAwait(false);
        Expect.That(verdict.MachineId is null, $"{what} was told to prove machine {verdict.MachineId}.");
        Expect.That(verdict.Reason is { Length: > 0 }, $"{what} was refused without a reason.");
    }
}
