using System.Security.Cryptography;
using System.Text;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;

namespace Tarmak.Providers.Simulated;

/// <summary>Answers for machines, on which nothing runs: the account knows what their metadata says, what would reach them and what they were granted.</summary>
/// <param name="calls">The way to the cloud.</param>
internal sealed class SimulatedMachines(StoreCalls calls) : IMachineStandIn
{
    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> EvidenceAsync(string machineId, ReadOnlyMemory<byte> nonce, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(new CloudRequest(CloudMethod.GiveEvidence, ResourceKinds.Machine) { Id = machineId, Nonce = nonce.ToArray() }, cancellationToken).ConfigureAwait(false);
        return reply.Records[0].Value;
    }

    /// <inheritdoc/>
    public async Task<bool> ReachesAsync(string senderId, string address, string protocol, int? port, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(
            new CloudRequest(CloudMethod.TryPacket, ResourceKinds.Machine) { Id = senderId, Packet = new CloudPacket(address, protocol, port) }, cancellationToken).ConfigureAwait(false);
        return reply.Held;
    }

    /// <inheritdoc/>
    public async Task<string?> UseRepositoryAsync(string machineId, string verb, string repository, string tag, CancellationToken cancellationToken)
    {
        var method = verb switch
        {
            GrantVerbs.Pull => CloudMethod.PullImage,
            GrantVerbs.Push => CloudMethod.PushImage,
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Machines pull or push images."),
        };

        // What a machine pushes differs from what others do, and that is all there is to it.
        var content = method == CloudMethod.PushImage ? Encoding.ASCII.GetBytes(machineId) : null;
        var reply = await calls.AskAsync(
            new CloudRequest(method, ResourceKinds.RegistryRepository) { Id = machineId, Name = repository, Tag = tag, Content = content }, cancellationToken).ConfigureAwait(false);
        return reply.Held ? $"sha256:{Convert.ToHexStringLower(SHA256.HashData(reply.Records[0].Value.Span))}" : null;
    }
}
