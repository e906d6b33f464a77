using Tarmak.Machines.Planning;
using Tarmak.Model.Resources;

namespace Tarmak.Gateway.Operators;

/// <summary>What a provider's objects might turn out to be. Only that they are told apart counts, so each id is the machine's key.</summary>
internal static class StandInOutputs
{
    public static string? Of(PlanNode node)
    {
        var id = node.Address.Key;
        return node.Address.ResourceKind switch
        {
            ResourceKinds.MachineImage => ResourceJson.Write(new MachineImageOutputs(id, "")),
            ResourceKinds.Network => ResourceJson.Write(new NetworkOutputs(id, ResourceJson.Read<NetworkSpec>(node.Spec!).Cidr ?? "")),
            ResourceKinds.Edge => ResourceJson.Write(new EdgeOutputs(id, "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1", "3-4", 8443)),
            ResourceKinds.EdgeAttachment => ResourceJson.Write(new EdgeAttachmentOutputs(ResourceJson.Read<EdgeAttachmentSpec>(node.Spec!).Address)),
            ResourceKinds.Volume => ResourceJson.Write(new VolumeOutputs(id)),
            ResourceKinds.Machine => ResourceJson.Write(new MachineOutputs(id, ResourceJson.Read<MachineSpec>(node.Spec!).Address ?? "")),
            ResourceKinds.DnsZone => ResourceJson.Write(new DnsZoneOutputs(id)),
            ResourceKinds.DnsRecordSet => ResourceJson.Write(new DnsRecordSetOutputs(ResourceJson.Read<DnsRecordSetSpec>(node.Spec!).Name)),
            ResourceKinds.LoadBalancer => ResourceJson.Write(new LoadBalancerOutputs(id, "127.0.0.1", 4)),
            ResourceKinds.LoadBalancerTarget => ResourceJson.Write(new LoadBalancerTargetOutputs(id)),
            ResourceKinds.FirewallGroup => ResourceJson.Write(new FirewallGroupOutputs(id)),
            ResourceKinds.FirewallRules => ResourceJson.Write(new FirewallRulesOutputs(ResourceJson.Read<FirewallRulesSpec>(node.Spec!).GroupId)),
            ResourceKinds.PeeringOffer => ResourceJson.Write(new PeeringOfferOutputs(id)),
            ResourceKinds.PeeringAcceptance => ResourceJson.Write(new PeeringAcceptanceOutputs(id)),
            ResourceKinds.RegistryRepository => ResourceJson.Write(new RegistryRepositoryOutputs(id, ResourceJson.Read<RegistryRepositorySpec>(node.Spec!).Repository, null, 5, null)),
            ResourceKinds.AccessIdentity => ResourceJson.Write(new AccessIdentityOutputs(null)),
            ResourceKinds.AccessGrants => ResourceJson.Write(new AccessGrantsOutputs(ResourceJson.Read<AccessGrantsSpec>(node.Spec!).InstanceUid)),
            ResourceKinds.Bucket => ResourceJson.Write(new BucketOutputs(id)),
            ResourceKinds.Authority => ResourceJson.Write(new AuthorityOutputs("")),
            // A bundle's name is the hash of what it holds, so a changed bundle is another one.
            ResourceKinds.Bundle => ResourceJson.Write(new BundleOutputs(Model.Serialization.CanonicalJson.Hash(node.Spec!))),
            ResourceKinds.Convergence => ResourceJson.Write(new ConvergenceOutputs(2, 2)),
            _ => null,
        };
    }
}
