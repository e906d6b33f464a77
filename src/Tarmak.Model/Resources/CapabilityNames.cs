namespace Tarmak.Model.Resources;

/// <summary>What a cloud may offer, by the names in manifests. The seed's nine, and four they imply.</summary>
public static class CapabilityNames
{
    /// <summary>Secure storage of arbitrary key and value pairs.</summary>
    public const string SecretStore = "secretStore";

    /// <summary>What an instance can prove about itself.</summary>
    public const string InstanceMetadata = "instanceMetadata";

    /// <summary>Images machines start from.</summary>
    public const string MachineImages = "machineImages";

    /// <summary>Images containers start from.</summary>
    public const string ContainerRegistry = "containerRegistry";

    /// <summary>Buckets of objects.</summary>
    public const string ObjectStorage = "objectStorage";

    /// <summary>A stable way to changing machines.</summary>
    public const string LoadBalancing = "loadBalancing";

    /// <summary>Zones and record sets.</summary>
    public const string Dns = "dns";

    /// <summary>Private ways between networks.</summary>
    public const string NetworkPeering = "networkPeering";

    /// <summary>Who may reach whom.</summary>
    public const string Firewall = "firewall";

    /// <summary>Networks of their own.</summary>
    public const string Network = "network";

    /// <summary>Machines.</summary>
    public const string Compute = "compute";

    /// <summary>Disks that outlive machines.</summary>
    public const string Volumes = "volumes";

    /// <summary>What an instance may call at its cloud.</summary>
    public const string AccessIdentity = "accessIdentity";

    /// <summary>All of them, in the order of the contract.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SecretStore, InstanceMetadata, MachineImages, ContainerRegistry, ObjectStorage, LoadBalancing, Dns,
        NetworkPeering, Firewall, Network, Compute, Volumes, AccessIdentity,
    ];

    /// <summary>The capability a kind of object belongs to.</summary>
    /// <param name="resourceKind">One of <see cref="ResourceKinds"/>.</param>
    /// <returns>Its capability; null for the engine's own kinds, which no cloud offers.</returns>
    public static string? Of(string resourceKind) => resourceKind switch
    {
        ResourceKinds.MachineImage => MachineImages,
        ResourceKinds.Network or ResourceKinds.EdgeAttachment => Network,
        ResourceKinds.Edge or ResourceKinds.Machine => Compute,
        ResourceKinds.Volume => Volumes,
        ResourceKinds.DnsZone or ResourceKinds.DnsRecordSet => Dns,
        ResourceKinds.LoadBalancer or ResourceKinds.LoadBalancerTarget => LoadBalancing,
        ResourceKinds.Bucket => ObjectStorage,
        ResourceKinds.PeeringOffer or ResourceKinds.PeeringAcceptance => NetworkPeering,
        ResourceKinds.FirewallGroup or ResourceKinds.FirewallRules => Firewall,
        ResourceKinds.AccessIdentity => AccessIdentity,
        ResourceKinds.RegistryRepository => ContainerRegistry,
        _ => null,
    };
}
