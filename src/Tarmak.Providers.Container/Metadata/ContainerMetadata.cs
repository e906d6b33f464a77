using System.Security.Cryptography;
using Docker.DotNet.Models;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Container.Metadata;

/// <summary>
/// Capability InstanceMetadata: a machine signs the nonce with a key that was put into it before its first start, and whose
/// public half is on its container's label, which nobody in the machine can change. Addresses prove nothing here.
/// </summary>
internal sealed class ContainerMetadata(ContainerEngine engine, string installation) : IInstanceMetadata
{
    /// <inheritdoc/>
    public EvidenceStrength Strength => EvidenceStrength.NonceSigned;

    /// <inheritdoc/>
    public async Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal)
            {
                [$"{OwnerMarks.InstallationLabel}={installation}"] = true,
                [$"{OwnerMarks.OwnerLabel}={challenge.Owner}"] = true,
            },
        };
        IList<ContainerListResponse> found;
        try
        {
            found = await engine.ReadAsync(
                $"Looking for the machine of {challenge.Owner}",
                (d, t) => d.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, t),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            throw fault.ToProviderException();
        }

        var machines = found.Where(c => challenge.MachineId is null || c.ID == challenge.MachineId).ToList();
        return machines.Count == 0
            ? EvidenceVerdict.Refused($"There is no machine of {challenge.Owner}{(challenge.MachineId is { } id ? $" with id {id}" : "")}.")
            : machines.FirstOrDefault(c => Labels.Value(c.Labels, Labels.EvidenceKey) is { } key && IsSigned(key, challenge.Nonce.Span, evidence.Span)) is { } proven
                ? EvidenceVerdict.Proven(proven.ID)
                : EvidenceVerdict.Refused($"The evidence was not given by the machine of {challenge.Owner}, or for another challenge.");
    }

    private static bool IsSigned(string label, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> evidence)
    {
        try
        {
            return EvidenceKey.Verify(label, nonce, evidence);
        }
        catch (CryptographicException)
        {
            // What was sent is no signature at all.
            return false;
        }
    }
}
