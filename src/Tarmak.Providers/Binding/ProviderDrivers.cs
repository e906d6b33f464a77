using Tarmak.Model.Resources;

namespace Tarmak.Providers.Binding;

/// <summary>Which driver of a provider serves which resource kind. A new kind is one line here.</summary>
public static class ProviderDrivers
{
    /// <summary>Finds a provider's driver.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="resourceKind">The kind, see <see cref="ResourceKinds"/>.</param>
    /// <returns>The driver, or null where the provider does not offer the kind.</returns>
    public static BoundDriver? Find(IProvider provider, string resourceKind) => resourceKind switch
    {
        ResourceKinds.MachineImage when provider.MachineImages is { } images => BoundDriver.Of(images.Images),
        ResourceKinds.Network when provider.Network is { } network => BoundDriver.Of(network.Networks),
        ResourceKinds.EdgeAttachment when provider.Network is { } network => BoundDriver.Of(network.EdgeAttachments),
        ResourceKinds.Edge when provider.Compute is { } compute => BoundDriver.Of(compute.Edges),
        ResourceKinds.Machine when provider.Compute is { } compute => BoundDriver.Of(compute.Machines),
        ResourceKinds.Volume when provider.Volumes is { } volumes => BoundDriver.Of(volumes.Volumes),
        ResourceKinds.DnsZone when provider.Dns is { } dns => BoundDriver.Of(dns.Zones),
        ResourceKinds.DnsRecordSet when provider.Dns is { } dns => BoundDriver.Of(dns.RecordSets),
        ResourceKinds.LoadBalancer when provider.LoadBalancing is { } balancing => BoundDriver.Of(balancing.Balancers),
        ResourceKinds.LoadBalancerTarget when provider.LoadBalancing is { } balancing => BoundDriver.Of(balancing.Targets),
        ResourceKinds.PeeringOffer when provider.NetworkPeering is { } peering => BoundDriver.Of(peering.Offers),
        ResourceKinds.PeeringAcceptance when provider.NetworkPeering is { } peering => BoundDriver.Of(peering.Acceptances),
        ResourceKinds.FirewallGroup when provider.Firewall is { } firewall => BoundDriver.Of(firewall.Groups),
        ResourceKinds.FirewallRules when provider.Firewall is { } firewall => BoundDriver.Of(firewall.Rules),
        ResourceKinds.RegistryRepository when provider.ContainerRegistry is { } registry => BoundDriver.Of(registry.Repositories),
        ResourceKinds.AccessIdentity when provider.AccessIdentity is { } access => BoundDriver.Of(access.Identities),
        ResourceKinds.Bucket when provider.ObjectStorage is { } storage => BoundDriver.Of(storage.Buckets),
        _ => null,
    };
}
