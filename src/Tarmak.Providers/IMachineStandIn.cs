namespace Tarmak.Providers;

/// <summary>
/// Answers for machines that run nothing, as those of a cloud that is simulated: what a machine would say that ran its image.
/// Where machines run, they are asked themselves, through <see cref="IMachineAccess"/>.
/// </summary>
public interface IMachineStandIn
{
    /// <summary>The evidence the machine's <see cref="Capabilities.IInstanceMetadata.EvidenceProgram"/> would give.</summary>
    /// <param name="machineId">The machine's provider id.</param>
    /// <param name="nonce">The challenge's nonce.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The evidence.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    Task<ReadOnlyMemory<byte>> EvidenceAsync(string machineId, ReadOnlyMemory<byte> nonce, CancellationToken cancellationToken);

    /// <summary>Whether what is sent to an address would come to the machine that has it.</summary>
    /// <param name="senderId">The provider's id of who sends: a machine, or a balancer.</param>
    /// <param name="address">The address, as it is from there.</param>
    /// <param name="protocol">One of <see cref="Model.Resources.FirewallProtocols"/>, <see cref="Model.Resources.FirewallProtocols.Any"/> excepted.</param>
    /// <param name="port">The port, of tcp and udp.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it would.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    Task<bool> ReachesAsync(string senderId, string address, string protocol, int? port, CancellationToken cancellationToken);
}
