namespace Tarmak.Model.Resources;

/// <summary>What an environment's edge is to be.</summary>
/// <param name="ImageId">The machine image it runs.</param>
/// <param name="OuterNetworkId">The network its published ports answer on.</param>
/// <param name="Ports">Loopback ports it may publish, <c>first-last</c>; null: the provider takes a free block and records it.</param>
/// <param name="AuthorityCertificate">PEM of the engine's authority; the relay takes engines with a certificate of it only.</param>
public sealed record EdgeSpec(string ImageId, string OuterNetworkId, string? Ports, string AuthorityCertificate);

/// <summary>Where an edge answers on the host, and by what name the inner side knows it.</summary>
/// <param name="EdgeId">The provider's id.</param>
/// <param name="RelayEndpoint"><c>host:port</c> the engine dials.</param>
/// <param name="DnsEndpoint"><c>host:port</c> (UDP and TCP) of the environment's DNS server.</param>
/// <param name="BalancerHost">Host part of every balancer endpoint.</param>
/// <param name="BalancerPorts">Ports balancers may take, <c>first-last</c>.</param>
/// <param name="RelayPort">Port on which agents reach the relay on the edge's inner addresses.</param>
public sealed record EdgeOutputs(
    string EdgeId, string RelayEndpoint, string DnsEndpoint, string BalancerHost, string BalancerPorts, int RelayPort);

/// <summary>The edge's place in one inner network.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="NetworkId">The inner network.</param>
/// <param name="Address">The fixed address the edge has there; instances find relay and DNS on it.</param>
public sealed record EdgeAttachmentSpec(string EdgeId, string NetworkId, string Address);

/// <summary>The attachment as it is.</summary>
/// <param name="Address">The edge's address in the network.</param>
public sealed record EdgeAttachmentOutputs(string Address);
