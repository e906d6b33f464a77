using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>A certificate authority of a cluster.</summary>
/// <param name="Cluster">Key of the cluster, for example <c>dev/demo</c>.</param>
/// <param name="Name">Authority name, for example <c>etcd</c>.</param>
public sealed record AuthoritySpec(string Cluster, string Name);

/// <summary>The authority's public half; its key never leaves the secret store.</summary>
/// <param name="CertificatePem">The authority's certificate.</param>
public sealed record AuthorityOutputs(string CertificatePem);

/// <summary>Everything that decides one instance's configuration. It holds references to secrets, never values.</summary>
public sealed record BundleSpec
{
    /// <summary>Environment name.</summary>
    public required string Environment { get; init; }

    /// <summary>Cluster name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Pool name.</summary>
    public required string Pool { get; init; }

    /// <summary>Role: the Puppet class <c>role::&lt;role&gt;</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Index in the pool, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Identity of the instance.</summary>
    public required string InstanceUid { get; init; }

    /// <summary>Host name.</summary>
    public required string HostName { get; init; }

    /// <summary>Fully qualified name in the private zone.</summary>
    public required string Fqdn { get; init; }

    /// <summary>Own address.</summary>
    public required string Address { get; init; }

    /// <summary>Address of the environment's DNS server, as seen from the instance.</summary>
    public required string DnsServer { get; init; }

    /// <summary>The private zone.</summary>
    public required string PrivateZone { get; init; }

    /// <summary>Bucket, in the environment's object storage for configuration, that keeps the bundle.</summary>
    public required string BucketId { get; init; }

    /// <summary>Provider of the bucket; null: the one that configuration was first bound to.</summary>
    public string? BucketProvider { get; init; }

    /// <summary>The cluster's etcd members; empty for roles that need none.</summary>
    public ImmutableArray<EtcdMember> EtcdMembers { get; init; } = [];

    /// <summary>Certificates the instance may ask for; their names come from here and from nowhere else.</summary>
    public ImmutableArray<CertificateRequest> Certificates { get; init; } = [];

    /// <summary>The registry it may pull from; null where there is nothing to pull.</summary>
    public RegistryAccess? Registry { get; init; }

    /// <summary>Public keys that may log in, in OpenSSH form.</summary>
    public ImmutableArray<string> AuthorizedKeys { get; init; } = [];
}

/// <summary>One member of a cluster's etcd.</summary>
/// <param name="Name">Member name, for example <c>etcd-0</c>.</param>
/// <param name="Fqdn">Fully qualified name.</param>
/// <param name="Address">Address.</param>
public sealed record EtcdMember(string Name, string Fqdn, string Address);

/// <summary>A certificate an instance is entitled to.</summary>
/// <param name="Name">File name on the instance, for example <c>etcd-server</c>.</param>
/// <param name="Authority">Authority that signs it, for example <c>etcd</c>.</param>
/// <param name="CommonName">Subject common name.</param>
/// <param name="Usages"><c>server</c>, <c>client</c>.</param>
/// <param name="DnsNames">DNS names.</param>
/// <param name="Addresses">IP addresses.</param>
public sealed record CertificateRequest(
    string Name, string Authority, string CommonName,
    ImmutableArray<string> Usages, ImmutableArray<string> DnsNames, ImmutableArray<string> Addresses);

/// <summary>The bundle.</summary>
/// <param name="Hash">SHA-256 (hex) of the bundle's content; its address.</param>
public sealed record BundleOutputs(string Hash);

/// <summary>What an instance must have applied to count as converged.</summary>
/// <param name="Instance">Key of the instance.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="MachineId">The machine it must have happened on.</param>
/// <param name="BundleHash">The bundle that must be in force.</param>
public sealed record ConvergenceSpec(string Instance, string InstanceUid, string MachineId, string BundleHash);

/// <summary>The runs that proved convergence.</summary>
/// <param name="Runs">Number of configuration runs reported for this bundle on this machine.</param>
/// <param name="UnchangedRun">Number, from 1, of the first run that changed nothing.</param>
public sealed record ConvergenceOutputs(int Runs, int UnchangedRun);
