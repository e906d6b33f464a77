using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability NetworkPeering: private ways between networks. Each half belongs to its side and owns its side's routes: the
/// offer the requester's, the acceptance the accepter's. What may pass is the firewall's business; a way by itself opens no
/// port, and leads to no third network.
/// </summary>
public interface INetworkPeering
{
    /// <summary>Offers. One that has expired or was refused is absent.</summary>
    IResourceDriver<PeeringOfferSpec> Offers { get; }

    /// <summary>Acceptances. Accepting an offer that is gone is <c>DependencyMissing</c>.</summary>
    IResourceDriver<PeeringAcceptanceSpec> Acceptances { get; }
}
