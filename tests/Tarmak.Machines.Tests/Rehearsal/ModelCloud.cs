using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>Every kind of object with the traits its drivers declare, and outputs of the right shape.</summary>
internal static class ModelCloud
{
    /// <param name="cloud">The cloud.</param>
    /// <param name="balancerHost">Where a balancer answers, by its id; null: on the edge.</param>
    public static void Offer(SimulatedCloud cloud, Func<string, string>? balancerHost = null)
    {
        Offer<MachineImageSpec>(cloud, ResourceKinds.MachineImage, (id, _) => ResourceJson.Write(new MachineImageOutputs(id, "hash")), ChangeEffect.Replace, making: 40, shared: true);
        Offer<NetworkSpec>(cloud, ResourceKinds.Network, (id, s) => ResourceJson.Write(new NetworkOutputs(id, s.Cidr ?? "172.30.0.0/16")), ChangeEffect.Replace);
        Offer<EdgeSpec>(cloud, ResourceKinds.Edge, (id, _) => ResourceJson.Write(
            new EdgeOutputs(id, "127.0.0.1:21000", "127.0.0.1:21001", "127.0.0.1", "21003-21031", 7443)), ChangeEffect.Replace, making: 3);
        Offer<EdgeAttachmentSpec>(cloud, ResourceKinds.EdgeAttachment, (_, s) => ResourceJson.Write(new EdgeAttachmentOutputs(s.Address)));
        Offer<VolumeSpec>(cloud, ResourceKinds.Volume, (id, _) => ResourceJson.Write(new VolumeOutputs(id)), data: true);
        Offer<MachineSpec>(cloud, ResourceKinds.Machine, (id, s) => ResourceJson.Write(new MachineOutputs(id, s.Address!)), ChangeEffect.Replace, making: 5);
        Offer<FirewallGroupSpec>(cloud, ResourceKinds.FirewallGroup, (id, _) => ResourceJson.Write(new FirewallGroupOutputs(id)));
        Offer<FirewallRulesSpec>(cloud, ResourceKinds.FirewallRules, (_, s) => ResourceJson.Write(new FirewallRulesOutputs(s.GroupId)));
        Offer<PeeringOfferSpec>(cloud, ResourceKinds.PeeringOffer, (id, _) => ResourceJson.Write(new PeeringOfferOutputs(id)), ChangeEffect.Replace);
        Offer<PeeringAcceptanceSpec>(cloud, ResourceKinds.PeeringAcceptance, (id, _) => ResourceJson.Write(new PeeringAcceptanceOutputs(id)), ChangeEffect.Replace);
        Offer<DnsZoneSpec>(cloud, ResourceKinds.DnsZone, (id, _) => ResourceJson.Write(new DnsZoneOutputs(id)));
        Offer<DnsRecordSetSpec>(cloud, ResourceKinds.DnsRecordSet, (_, s) => ResourceJson.Write(new DnsRecordSetOutputs(s.Name)));
        Offer<LoadBalancerSpec>(cloud, ResourceKinds.LoadBalancer, (id, _) => ResourceJson.Write(
            new LoadBalancerOutputs(id, balancerHost?.Invoke(id) ?? "127.0.0.1", 21000 + int.Parse(id[(id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture))));
        Offer<LoadBalancerTargetSpec>(cloud, ResourceKinds.LoadBalancerTarget, (id, _) => ResourceJson.Write(new LoadBalancerTargetOutputs(id)));
        Offer<RegistryRepositorySpec>(cloud, ResourceKinds.RegistryRepository, (id, s) => ResourceJson.Write(new RegistryRepositoryOutputs(id, s.Repository, null, 5000, null)), ChangeEffect.Replace);
        Offer<AccessIdentitySpec>(cloud, ResourceKinds.AccessIdentity, (id, _) => ResourceJson.Write(new AccessIdentityOutputs(id)));
        Offer<AccessGrantsSpec>(cloud, ResourceKinds.AccessGrants, (_, s) => ResourceJson.Write(new AccessGrantsOutputs(s.InstanceUid)));
        Offer<BucketSpec>(cloud, ResourceKinds.Bucket, (id, _) => ResourceJson.Write(new BucketOutputs(id)), data: true);
        Offer<AuthoritySpec>(cloud, ResourceKinds.Authority, (id, _) => ResourceJson.Write(new AuthorityOutputs($"certificate of {id}")), ChangeEffect.Replace);
        Offer<BundleSpec>(cloud, ResourceKinds.Bundle, (_, s) => ResourceJson.Write(
            new BundleOutputs(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ResourceJson.Write(s)))))));
        Offer<BindingSpec>(cloud, ResourceKinds.Binding, (_, s) => ResourceJson.Write(new BindingOutputs(s.Place, s.Provider)));
        Offer<SecretCopySpec>(cloud, ResourceKinds.SecretCopy, (_, s) => ResourceJson.Write(new CopyOutputs(s.Place)));
        Offer<ObjectCopySpec>(cloud, ResourceKinds.ObjectCopy, (_, s) => ResourceJson.Write(new CopyOutputs(s.Place)));
        Offer<ConvergenceSpec>(cloud, ResourceKinds.Convergence, (_, _) => ResourceJson.Write(new ConvergenceOutputs(2, 2)), making: 8);
    }

    /// <summary>Ids of the objects that stand under another. A convergence only tells of its machine; it does not keep it.</summary>
    public static IEnumerable<string> References(string kind, string parameters) => kind switch
    {
        ResourceKinds.Edge => Of<EdgeSpec>(parameters, s => [s.ImageId, s.OuterNetworkId]),
        ResourceKinds.EdgeAttachment => Of<EdgeAttachmentSpec>(parameters, s => [s.EdgeId, s.NetworkId]),
        ResourceKinds.Machine => Of<MachineSpec>(parameters, s => [s.ImageId, s.NetworkId, s.FirewallGroupId!, s.IdentityId!, .. s.Volumes.Select(v => v.VolumeId)]),
        ResourceKinds.FirewallGroup => Of<FirewallGroupSpec>(parameters, s => [s.NetworkId]),
        ResourceKinds.FirewallRules => Of<FirewallRulesSpec>(parameters, s => [s.GroupId, .. s.Rules.Select(r => r.From.GroupId).OfType<string>()]),
        ResourceKinds.PeeringOffer => Of<PeeringOfferSpec>(parameters, s => [s.NetworkId, s.PeerNetworkId, s.EdgeId!]),
        ResourceKinds.PeeringAcceptance => Of<PeeringAcceptanceSpec>(parameters, s => [s.OfferId, s.NetworkId, s.PeerNetworkId]),
        ResourceKinds.RegistryRepository => Of<RegistryRepositorySpec>(parameters, s => [s.EdgeId!]),
        ResourceKinds.AccessIdentity => Of<AccessIdentitySpec>(parameters, s => [s.EdgeId!]),
        ResourceKinds.DnsZone => Of<DnsZoneSpec>(parameters, s => s.EdgeId is { } edge ? [edge] : []),
        ResourceKinds.DnsRecordSet => Of<DnsRecordSetSpec>(parameters, s => [s.ZoneId]),
        ResourceKinds.LoadBalancer => Of<LoadBalancerSpec>(parameters, s => [s.EdgeId!, s.NetworkId]),
        ResourceKinds.LoadBalancerTarget => Of<LoadBalancerTargetSpec>(parameters, s => [s.LoadBalancerId]),
        ResourceKinds.Bundle => Of<BundleSpec>(parameters, s => [s.BucketId]),
        ResourceKinds.ObjectCopy => Of<ObjectCopySpec>(parameters, s => [s.BucketId]),
        _ => [],
    };

    private static IEnumerable<string> Of<T>(string parameters, Func<T, IEnumerable<string>> ids)
        where T : class => ids(ResourceJson.Read<T>(parameters));

    private static void Offer<T>(
        SimulatedCloud cloud, string kind, Func<string, T, string> outputs, ChangeEffect change = ChangeEffect.Update, int making = 0, bool data = false, bool shared = false)
        where T : class =>
        cloud.Offer(new SimulatedKind
        {
            Traits = new ResourceTraits
            {
                Kind = kind,
                EnsureResolution = kind is ResourceKinds.Bundle or ResourceKinds.Convergence or ResourceKinds.Binding or ResourceKinds.SecretCopy or ResourceKinds.ObjectCopy
                    ? UnknownResolution.Replay : UnknownResolution.UniqueName,
                VisibilityBound = TimeSpan.FromSeconds(1),
                CallDeadline = TimeSpan.FromSeconds(30),
                HoldsData = data,
                Shared = shared,
                Compare = (was, now) => was == now ? ChangeEffect.None : change,
            },
            Outputs = (id, parameters) => outputs(id, ResourceJson.Read<T>(parameters)),
            References = parameters => References(kind, parameters),
            Making = TimeSpan.FromSeconds(making),
        });
}
