using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>What the cloud of an instance's machine can say about evidence that an agent gives.</summary>
public interface IMachineEvidence
{
    /// <summary>Whether machines of the instance's cloud can give evidence; if so, none enrols without.</summary>
    /// <param name="instance">Key of the instance.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether they can.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The instance is not known, or its binding leads nowhere.</exception>
    ValueTask<bool> IsNeededAsync(string instance, CancellationToken cancellationToken);

    /// <summary>Looks whether evidence comes from the instance's machine.</summary>
    /// <param name="instance">Key of the instance.</param>
    /// <param name="nonce">The nonce it answers.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The cloud did not answer or refused.</exception>
    Task<EvidenceVerdict> VerifyAsync(string instance, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken);
}
