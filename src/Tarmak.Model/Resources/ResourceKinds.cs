namespace Tarmak.Model.Resources;

/// <summary>
/// The kinds of object a machine can own, each one driven by one driver. A capability may offer several kinds
/// (DNS: zones and record sets). The names appear in machine keys, labels and metrics and never change.
/// </summary>
public static class ResourceKinds
{
    /// <summary>A machine image, built or imported once per content hash (capability MachineImages).</summary>
    public const string MachineImage = "machine-image";

    /// <summary>A network with its address range (capability Network).</summary>
    public const string Network = "network";

    /// <summary>The environment's edge: balancer, DNS and relay ports on the outer side (capability Compute).</summary>
    public const string Edge = "edge";

    /// <summary>The edge's membership in one inner network (capability Network).</summary>
    public const string EdgeAttachment = "edge-attachment";

    /// <summary>A volume that outlives the machine it is attached to (capability Volumes).</summary>
    public const string Volume = "volume";

    /// <summary>A machine running one instance (capability Compute).</summary>
    public const string Machine = "machine";

    /// <summary>A DNS zone (capability Dns).</summary>
    public const string DnsZone = "dns-zone";

    /// <summary>One record set in a zone (capability Dns).</summary>
    public const string DnsRecordSet = "dns-record-set";

    /// <summary>A load balancer with its listener (capability LoadBalancing).</summary>
    public const string LoadBalancer = "load-balancer";

    /// <summary>One target behind a load balancer (capability LoadBalancing).</summary>
    public const string LoadBalancerTarget = "load-balancer-target";

    /// <summary>The machines of one role, as a firewall knows them (capability Firewall).</summary>
    public const string FirewallGroup = "firewall-group";

    /// <summary>Who may come in to a group's machines (capability Firewall).</summary>
    public const string FirewallRules = "firewall-rules";

    /// <summary>One side's wish for a private way to another network (capability NetworkPeering).</summary>
    public const string PeeringOffer = "peering-offer";

    /// <summary>The other side's consent to it (capability NetworkPeering).</summary>
    public const string PeeringAcceptance = "peering-acceptance";

    /// <summary>A bucket of objects (capability ObjectStorage).</summary>
    public const string Bucket = "bucket";

    /// <summary>A repository of container images (capability ContainerRegistry).</summary>
    public const string RegistryRepository = "registry-repository";

    /// <summary>What an instance may call at its cloud (capability AccessIdentity).</summary>
    public const string AccessIdentity = "access-identity";

    /// <summary>All that was granted to an instance (the engine's own).</summary>
    public const string AccessGrants = "access-grants";

    /// <summary>A certificate authority whose key lives in the secret store (the engine's own).</summary>
    public const string Authority = "authority";

    /// <summary>An instance's signed configuration bundle, stored by its hash (the engine's own).</summary>
    public const string Bundle = "bundle";

    /// <summary>An instance's agreement with its bundle, as its agent reports it (the engine's own).</summary>
    public const string Convergence = "convergence";

    /// <summary>Where something that can move is served from (the engine's own).</summary>
    public const string Binding = "binding";

    /// <summary>An environment's secrets, at one of the places they were bound to (the engine's own).</summary>
    public const string SecretCopy = "secret-copy";

    /// <summary>An environment's objects of one use, at one of the places they were bound to (the engine's own).</summary>
    public const string ObjectCopy = "object-copy";

    /// <summary>The kinds that providers drive.</summary>
    public static IReadOnlyList<string> OfProviders { get; } =
    [
        MachineImage, Network, Edge, EdgeAttachment, Volume, Machine, DnsZone, DnsRecordSet, LoadBalancer, LoadBalancerTarget, Bucket,
        FirewallGroup, FirewallRules, PeeringOffer, PeeringAcceptance, AccessIdentity, RegistryRepository,
    ];
}
