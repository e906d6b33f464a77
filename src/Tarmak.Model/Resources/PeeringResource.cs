namespace Tarmak.Model.Resources;

/// <summary>
/// One half of a private way between two networks: what the side that asks for it does. Alone it opens nothing.
/// </summary>
/// <param name="NetworkId">The network of the side that asks.</param>
/// <param name="Cidr">Its address range.</param>
/// <param name="PeerNetworkId">The network that is to be reached.</param>
/// <param name="PeerCidr">Its address range.</param>
/// <param name="EdgeId">The edge that carries the way, where the provider routes on the edge.</param>
public sealed record PeeringOfferSpec(string NetworkId, string Cidr, string PeerNetworkId, string PeerCidr, string? EdgeId);

/// <summary>The offer.</summary>
/// <param name="OfferId">The provider's id; the other half names it.</param>
public sealed record PeeringOfferOutputs(string OfferId);

/// <summary>The other half: what the side that is reached does. With it packets pass both ways, with their addresses unchanged.</summary>
/// <param name="OfferId">The offer it accepts.</param>
/// <param name="NetworkId">The network of the side that accepts.</param>
/// <param name="Cidr">Its address range.</param>
/// <param name="PeerNetworkId">The network of the side that asked.</param>
/// <param name="PeerCidr">Its address range.</param>
public sealed record PeeringAcceptanceSpec(string OfferId, string NetworkId, string Cidr, string PeerNetworkId, string PeerCidr);

/// <summary>The way.</summary>
/// <param name="PeeringId">The provider's id.</param>
public sealed record PeeringAcceptanceOutputs(string PeeringId);
