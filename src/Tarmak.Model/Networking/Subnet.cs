using System.Net;

namespace Tarmak.Model.Networking;

/// <summary>The subnets of one zone.</summary>
/// <param name="Zone">Index of the zone.</param>
/// <param name="Public">Reachable from outside where the provider has such a thing.</param>
/// <param name="Private">Where machines are.</param>
public sealed record Subnet(int Zone, Cidr Public, Cidr Private)
{
    /// <summary>Gateway of the private subnet.</summary>
    public IPAddress Gateway => Private.Host(AddressPlan.GatewayOffset);

    /// <summary>The environment's edge in the private subnet.</summary>
    public IPAddress Edge => Private.Host(AddressPlan.EdgeOffset);
}
