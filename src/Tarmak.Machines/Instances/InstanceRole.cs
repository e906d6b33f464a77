using System.Collections.Immutable;
using System.Globalization;
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
        .. Pulls(desired),
    ];

    /// <summary>The images it may pull. The registry is its own cloud's, which lets it in by itself.</summary>
    public static ImmutableArray<InstanceGrant> Pulls(InstanceDesired desired) =>
        [.. desired.Link.Repositories.Select(r => new InstanceGrant(GrantPaths.Repository(r.Repository), [GrantVerbs.Pull]))];

    /// <summary>Where those images are, as the instance reaches them.</summary>
    public static RegistryAccess? Registry(InstanceDesired desired) => desired.Link.Repositories is [var first, ..]
        ? new RegistryAccess(
            string.Create(CultureInfo.InvariantCulture, $"{first.Host ?? desired.EdgeAddress}:{first.Port}"), first.AuthorityCertificate, [.. desired.Link.Repositories.Select(r => r.Repository)])
        : null;

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
