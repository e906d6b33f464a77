using System.Collections.Immutable;
using Tarmak.Machines.Planning;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Instances;

/// <summary>Plans an instance: volumes, machine, names, configuration, and its place behind a balancer.</summary>
public sealed class InstancePlanner : IPlanner
{
    /// <inheritdoc/>
    public void Plan(string spec, PlanGraph graph)
    {
        var desired = DesiredJson.Read<InstanceDesired>(spec);
        var (link, pool) = (desired.Link, desired.Pool);
        var hostName = pool.InstanceName(desired.Index);
        var fqdn = $"{hostName}.{desired.Cluster}.{link.PrivateZone}";

        var volumes = pool.Volumes.Select(volume => (
            Node: graph.Capability(link.Provider, ResourceKinds.Volume, volume.Name, () =>
                new VolumeSpec(volume.SizeGiB, volume.Class.ToString().ToLowerInvariant(), Zone: null)),
            Path: InstanceRole.MountPath(pool.Role, volume.Name))).ToList();

        // A machine that asks the engine, or its cloud, finds there what it may.
        var grants = graph.Capability(EngineProvider.Name, ResourceKinds.AccessGrants, "main", () => new AccessGrantsSpec(
            graph.Parent.Key, graph.ParentUid, InstanceRole.Grants(desired, graph.Parent.Key)));
        var identity = graph.Capability(link.Provider, ResourceKinds.AccessIdentity, "main", () => new AccessIdentitySpec
        {
            Instance = graph.Parent.Key,
            InstanceUid = graph.ParentUid,
            Role = RoleDefinition.Of(pool.Role).Name,
            Policies = [.. pool.IdentityPolicies],
            Grants = InstanceRole.Pulls(desired),
            EdgeId = link.EdgeId,
        });

        var machine = graph.Capability(link.Provider, ResourceKinds.Machine, "main", () => new MachineSpec
        {
            ImageId = link.ImageId,
            HostName = hostName,
            Size = pool.Size,
            NetworkId = desired.NetworkId,
            Address = desired.Address,
            Gateway = desired.EdgeAddress,
            FirewallGroupId = desired.FirewallGroupId,
            IdentityId = graph.Read<AccessIdentityOutputs>(identity).MachineIdentity,
            Volumes = [.. volumes.Select(v => new VolumeAttachment(graph.Read<VolumeOutputs>(v.Node).VolumeId, v.Path))],
            FirstBoot = new FirstBoot(graph.Parent.Key, graph.ParentUid, $"{desired.EdgeAddress}:{link.RelayPort}", link.AuthorityPin),
        }, grants);

        graph.Capability(link.Provider, ResourceKinds.DnsRecordSet, "host", () => new DnsRecordSetSpec(
            link.PrivateZoneId, fqdn, "A", 300, [desired.Address]));

        var bundle = graph.Capability(EngineProvider.Name, ResourceKinds.Bundle, "main", () => new BundleSpec
        {
            Environment = desired.Environment,
            Cluster = desired.Cluster,
            Pool = pool.Name,
            Role = RoleDefinition.Of(pool.Role).Name,
            Index = desired.Index,
            InstanceUid = graph.ParentUid,
            HostName = hostName,
            Fqdn = fqdn,
            Address = desired.Address,
            DnsServer = desired.EdgeAddress,
            PrivateZone = link.PrivateZone,
            BucketId = link.ConfigurationBucketId,
            BucketProvider = link.ConfigurationProvider,
            EtcdMembers = pool.Role == PoolRole.Etcd ? desired.EtcdMembers : [],
            Certificates = InstanceRole.Certificates(desired, hostName, fqdn),
            Registry = InstanceRole.Registry(desired),
            AuthorizedKeys = link.AuthorizedKeys,
        });

        var convergence = graph.Capability(EngineProvider.Name, ResourceKinds.Convergence, "main", () => new ConvergenceSpec(
            graph.Parent.Key, graph.ParentUid, graph.Read<MachineOutputs>(machine).MachineId, graph.Read<BundleOutputs>(bundle).Hash));

        if (desired.LoadBalancerId is { } balancer && InstanceRole.ServicePort(pool.Role) is { } port)
        {
            graph.Capability(link.Provider, ResourceKinds.LoadBalancerTarget, "main", () =>
                new LoadBalancerTargetSpec(balancer, desired.Address, port), convergence);
        }
    }

    /// <inheritdoc/>
    public bool DataLossConsented(string spec, string child)
    {
        var desired = DesiredJson.Read<InstanceDesired>(spec);
        return desired.DataLossConsent.Cover($"{desired.Environment}/{desired.Cluster}", desired.Pool.Name, desired.Index, child[(child.IndexOf('/', StringComparison.Ordinal) + 1)..]);
    }
}
