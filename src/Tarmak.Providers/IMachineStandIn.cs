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

    /// <summary>What the machine's <see cref="Capabilities.IContainerRegistry.Program"/> would do: pull an image, or push one of the machine's own.</summary>
    /// <param name="machineId">The machine's provider id.</param>
    /// <param name="verb"><see cref="Model.Resources.GrantVerbs.Pull"/> or <see cref="Model.Resources.GrantVerbs.Push"/>.</param>
    /// <param name="repository">The repository's name in the registry.</param>
    /// <param name="tag">The image's tag.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The image's digest; null where the machine was refused.</returns>
    /// <exception cref="ProviderException">The provider did not answer, or there is no such machine, or no image of the tag where the machine was let in.</exception>
    Task<string?> UseRepositoryAsync(string machineId, string verb, string repository, string tag, CancellationToken cancellationToken);
}
