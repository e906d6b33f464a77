using System.Collections.Immutable;
using System.Net;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Instances;

/// <summary>What a role means for an instance: where its volumes go, which port it serves, which certificates it holds.</summary>
internal static class InstanceRole
{
    public static string MountPath(PoolRole role, string volume) =>
        role == PoolRole.Etcd && volume == "data" ? "/var/lib/etcd" : $"/srv/{volume}";

    public static int? ServicePort(PoolRole role) => role switch
    {
        PoolRole.Etcd => 2379,
        PoolRole.Bastion => 22,
        _ => null,
    };

    /// <summary>What an instance may read or use of its environment's stores, and nothing else.</summary>
    public static ImmutableArray<InstanceGrant> Grants(InstanceDesired desired, string instance) =>
    [
        new(GrantPaths.Bundle(instance), [GrantVerbs.Read]),
        .. Certificates(desired, "", "").Select(c => c.Authority).Distinct(StringComparer.Ordinal)
            .Select(authority => new InstanceGrant(GrantPaths.Secret(GrantPaths.Authority(desired.Environment, desired.Cluster, authority)), [GrantVerbs.Sign])),
    ];

    /// <summary>A certificate holds only the instance's own names and the names its service is reached by.</summary>
    public static ImmutableArray<CertificateRequest> Certificates(InstanceDesired desired, string hostName, string fqdn)
    {
        if (desired.Pool.Role != PoolRole.Etcd)
        {
            return [];
        }

        var endpoint = desired.LoadBalancerHost ?? desired.Link.BalancerHost;
        var isAddress = IPAddress.TryParse(endpoint, out _);
        ImmutableArray<string> names = desired.EtcdPublicName is { } name ? [name] : [];
        return EtcdCertificates.For(new EtcdMember(hostName, fqdn, desired.Address), isAddress ? names : names.Add(endpoint), isAddress ? [endpoint] : []);
    }
}
