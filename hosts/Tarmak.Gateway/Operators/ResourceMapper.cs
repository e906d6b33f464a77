using Google.Protobuf.WellKnownTypes;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Instances;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Model.Serialization;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Turns what the inventory knows into the contract's resources.</summary>
internal static class ResourceMapper
{
    public static V1.Resource Map(VersionedRow versioned)
    {
        var row = versioned.Row;
        var resource = new V1.Resource
        {
            Kind = KindNames.Of(row.Address.Kind),
            Key = row.Address.Key,
            Name = row.Address.Name,
            Environment = row.Address.Environment,
            Cluster = row.Address.Cluster ?? "",
            Pool = row.Address.OwnerKey.Split('/') is [_, _, var pool, ..] ? pool : "",
            Parent = row.Parent?.Key ?? "",
            Uid = row.Uid,
            Generation = row.Generation,
            ObservedGeneration = row.ObservedGeneration,
            ResourceVersion = Declarations.Version(versioned.Revision),
            Phase = row.Phase.ToString(),
            Reason = row.Condition?.Reason ?? "",
            Message = row.Condition?.Message ?? "",
            Created = row.CreatedAt.ToTimestamp(),
            PhaseSince = row.PhaseSince.ToTimestamp(),
            Provider = row.Provider ?? "",
            ObjectId = row.ObjectId ?? "",
            Ready = row.Ready,
            Total = row.Total,
        };
        // A tombstone of a machine that never had a specification has none to read.
        if (row.Spec.Length > 2)
        {
            Complete(resource, row);
        }

        return resource;
    }

    public static V1.Resource Map(StoredProvider provider) => WithMarks(
        new V1.Resource
        {
            Kind = KindNames.Provider,
            Key = provider.Name,
            Name = provider.Name,
            Uid = provider.Uid,
            Generation = provider.Generation,
            ObservedGeneration = provider.Generation,
            ResourceVersion = Declarations.Version(provider.Version),
            Created = provider.CreatedAt.ToTimestamp(),
            SpecJson = provider.Spec,
        },
        provider.Labels, provider.Annotations);

    private static void Complete(V1.Resource resource, InventoryRow row)
    {
        switch (row.Address.Kind)
        {
            case MachineKind.Environment:
                if (DesiredJson.Read<EnvironmentDesired>(row.Spec).Environment is { } environment)
                {
                    Declared(resource, row, environment, CanonicalJson.Of(environment.Spec));
                    resource.Provider = environment.Spec.Provider;
                }

                break;
            case MachineKind.Cluster:
                var cluster = DesiredJson.Read<ClusterDesired>(row.Spec);
                Declared(resource, row, cluster.Manifest, CanonicalJson.Of(cluster.Manifest.Spec));
                resource.Provider = cluster.Link?.Provider ?? "";
                resource.Endpoint = row.Outputs is { } outputs && DesiredJson.Read<ClusterOutputs>(outputs).EtcdEndpoint is { } etcd ? $"https://{etcd}" : "";
                break;
            case MachineKind.InstancePool:
                var pool = DesiredJson.Read<InstancePoolDesired>(row.Spec);
                resource.Role = RoleDefinition.Of(pool.Pool.Role).Name;
                resource.Provider = pool.Link.Provider;
                break;
            case MachineKind.Instance:
                var instance = DesiredJson.Read<InstanceDesired>(row.Spec);
                resource.Name = instance.Pool.InstanceName(instance.Index);
                resource.Role = RoleDefinition.Of(instance.Pool.Role).Name;
                resource.Provider = instance.Link.Provider;
                resource.Address = instance.Address;
                break;
            default:
                resource.ResourceKind = row.Address.ResourceKind ?? "";
                if (row.Outputs is { } json)
                {
                    Reach(resource, json);
                }

                break;
        }
    }

    private static void Declared<T>(V1.Resource resource, InventoryRow row, Declared<T> declared, string spec)
        where T : class
    {
        // The machine's own generation also rises with what others give it; a reader compares with the manifest's.
        resource.ObservedGeneration = row.ObservedGeneration >= row.Generation ? declared.Generation : declared.Generation - 1;
        resource.Generation = declared.Generation;
        resource.ResourceVersion = Declarations.Version(declared.Version);
        resource.SpecJson = spec;
        WithMarks(resource, declared.Labels, declared.Annotations);
    }

    private static V1.Resource WithMarks(
        V1.Resource resource, IEnumerable<KeyValuePair<string, string>> labels, IEnumerable<KeyValuePair<string, string>> annotations)
    {
        foreach (var (name, value) in labels)
        {
            resource.Labels[name] = value;
        }

        foreach (var (name, value) in annotations)
        {
            resource.Annotations[name] = value;
        }

        return resource;
    }

    private static void Reach(V1.Resource resource, string outputs)
    {
        switch (resource.ResourceKind)
        {
            case ResourceKinds.Machine:
                resource.Address = ResourceJson.Read<MachineOutputs>(outputs).Address;
                break;
            case ResourceKinds.EdgeAttachment:
                resource.Address = ResourceJson.Read<EdgeAttachmentOutputs>(outputs).Address;
                break;
            case ResourceKinds.LoadBalancer:
                var balancer = ResourceJson.Read<LoadBalancerOutputs>(outputs);
                resource.Endpoint = $"{balancer.Host}:{Declarations.Version(balancer.Port)}";
                break;
            case ResourceKinds.Edge:
                var edge = ResourceJson.Read<EdgeOutputs>(outputs);
                resource.Annotations["tarmak.io/dns-endpoint"] = edge.DnsEndpoint;
                resource.Annotations["tarmak.io/relay-endpoint"] = edge.RelayEndpoint;
                break;
            default:
                break;
        }
    }
}
