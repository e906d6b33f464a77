using System.Collections.Immutable;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Networking;

/// <summary>
/// Who may reach whom, role by role: the whole of what is open between machines. What is not here is closed; everything a
/// machine begins itself towards the outside is open.
/// </summary>
public static class FirewallTable
{
    /// <summary>Name of the balancer in front of a cluster's etcd.</summary>
    public const string EtcdBalancer = "etcd";

    /// <summary>Name of the balancer in front of a cluster's bastions.</summary>
    public const string SshBalancer = "ssh";

    private const PoolRole Bastion = PoolRole.Bastion;
    private const PoolRole Vault = PoolRole.Vault;
    private const PoolRole Etcd = PoolRole.Etcd;
    private const PoolRole Master = PoolRole.Master;
    private const PoolRole Worker = PoolRole.Worker;
    private const PoolRole Jenkins = PoolRole.Jenkins;

    /// <summary>Where a row's traffic comes from.</summary>
    public abstract record Source
    {
        private Source()
        {
        }

        /// <summary>Machines of a role, in the cluster itself or in the hub and the spokes it is peered with.</summary>
        /// <param name="Role">The role.</param>
        /// <param name="OwnClusterOnly">Whether machines of peered clusters are left out.</param>
        public sealed record Machines(PoolRole Role, bool OwnClusterOnly = false) : Source;

        /// <summary>A balancer of the cluster.</summary>
        /// <param name="Name">Its name.</param>
        public sealed record Balancer(string Name) : Source;

        /// <summary>The ranges operators come from.</summary>
        public sealed record AdminRanges : Source;
    }

    /// <summary>One row.</summary>
    /// <param name="From">Where it comes from.</param>
    /// <param name="To">The role that is reached.</param>
    /// <param name="Protocol">One of <see cref="FirewallProtocols"/>.</param>
    /// <param name="Ports">Ports of tcp and udp; empty: all.</param>
    public sealed record Row(Source From, PoolRole To, string Protocol, ImmutableArray<int> Ports);

    /// <summary>All rows.</summary>
    public static ImmutableArray<Row> Rows { get; } =
    [
        // Machines of one role are one service: members of etcd, of vault, nodes.
        .. new[] { Vault, Etcd, Master, Worker }.Select(role => new Row(new Source.Machines(role, OwnClusterOnly: true), role, FirewallProtocols.Any, [])),

        // The way in for operators: the bastion, and from there everything by SSH.
        Tcp(new Source.AdminRanges(), Bastion, 22),
        Tcp(new Source.Balancer(SshBalancer), Bastion, 22),
        .. new[] { Vault, Etcd, Master, Worker }.Select(role => Tcp(new Source.Machines(Bastion), role, 22)),
        Tcp(new Source.Machines(Bastion), Vault, 8200),
        Tcp(new Source.Machines(Bastion), Jenkins),

        // Secrets.
        .. new[] { Etcd, Master, Worker }.Select(role => Tcp(new Source.Machines(role), Vault, 8200)),

        // etcd: the cluster's, its events' and the overlay's, and what watches it.
        Tcp(new Source.Balancer(EtcdBalancer), Etcd, 2379),
        .. new[] { Master, Worker }.Select(role => Tcp(new Source.Machines(role, OwnClusterOnly: true), Etcd, 2379, 2369, 2359)),
        Tcp(new Source.Machines(Worker, OwnClusterOnly: true), Etcd, 9100, 9115),

        // The control plane.
        .. new[] { Master, Worker }.SelectMany(role => new[]
        {
            Tcp(new Source.Machines(role, OwnClusterOnly: true), Master, 179, 9091, 8085, 6443),
            new Row(new Source.Machines(role, OwnClusterOnly: true), Master, FirewallProtocols.IpInIp, []),
        }),
        Tcp(new Source.Balancer("api"), Master, 6443),
        new(new Source.Machines(Master, OwnClusterOnly: true), Worker, FirewallProtocols.Any, []),

        Tcp(new Source.Balancer("jenkins"), Jenkins, 8080),
    ];

    /// <summary>The rows that lead to a role.</summary>
    /// <param name="role">The role.</param>
    /// <returns>The rows, in the table's order.</returns>
    public static IEnumerable<Row> To(PoolRole role) => Rows.Where(row => row.To == role);

    private static Row Tcp(Source from, PoolRole to, params ImmutableArray<int> ports) => new(from, to, FirewallProtocols.Tcp, ports);
}
