using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Peering;

/// <summary>Capability NetworkPeering: the edge, which is in every network of its environment, passes packets between two of them.</summary>
internal sealed record ContainerPeering(
    IResourceDriver<PeeringOfferSpec> Offers, IResourceDriver<PeeringAcceptanceSpec> Acceptances) : INetworkPeering;
