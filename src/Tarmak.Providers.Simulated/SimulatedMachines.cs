using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;

namespace Tarmak.Providers.Simulated;

/// <summary>Answers for machines, on which nothing runs: the account knows what their metadata says and what would reach them.</summary>
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
}
