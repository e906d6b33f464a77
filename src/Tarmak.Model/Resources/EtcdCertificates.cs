using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>The certificates a member of an etcd cluster is entitled to.</summary>
public static class EtcdCertificates
{
    /// <summary>The authority that signs all of them.</summary>
    public const string Authority = "etcd";

    /// <summary>
    /// The common name of members among themselves. Members refuse peers without it, so nothing else may ever be given it: a client's certificate
    /// must not be enough to join.
    /// </summary>
    public const string PeerCommonName = "etcd-peer";

    /// <summary>The three certificates of one member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="endpointNames">Further names under which clients reach it, such as the load balancer's.</param>
    /// <param name="endpointAddresses">Further addresses under which clients reach it.</param>
    public static ImmutableArray<CertificateRequest> For(
        EtcdMember member, ImmutableArray<string> endpointNames, ImmutableArray<string> endpointAddresses)
    {
        ArgumentNullException.ThrowIfNull(member);

        return
        [
            new("etcd-server", Authority, member.Fqdn, ["server"],
                Distinct([member.Fqdn, member.Name, "localhost", .. endpointNames]),
                Distinct([member.Address, "127.0.0.1", .. endpointAddresses])),
            new("etcd-peer", Authority, PeerCommonName, ["server", "client"], [member.Fqdn], [member.Address]),
            new("etcd-client", Authority, "etcd-health", ["client"], [], []),
        ];
    }

    private static ImmutableArray<string> Distinct(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal)];
}
