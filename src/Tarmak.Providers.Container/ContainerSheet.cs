using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Firewall;
using Tarmak.Providers.Container.Identities;
using Tarmak.Providers.Container.Images;
using Tarmak.Providers.Container.Machines;
using Tarmak.Providers.Container.Networks;
using Tarmak.Providers.Container.ObjectStorage;
using Tarmak.Providers.Container.Peering;
using Tarmak.Providers.Container.Registry;
using Tarmak.Providers.Container.Volumes;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Container;

/// <summary>What a container engine offers, needs and cannot do as a cloud.</summary>
internal static class ContainerSheet
{
    /// <summary>The engine itself.</summary>
    public static readonly Requirement Engine = new(
        RequirementKind.Place, "container-engine", "A container engine (Docker or Podman) of this machine is the cloud.");

    /// <summary>Rights of the engine.</summary>
    public static readonly Requirement Root = new(
        RequirementKind.Permission, "root", "Machines get networks and systemd of their own, which an engine without root cannot give.");

    /// <summary>Room for images and volumes.</summary>
    public static readonly Requirement Disk = new(
        RequirementKind.Quota, "disk", "Machine images and volumes need at least 2048 MiB where the engine and Tarmak keep theirs.");

    /// <summary>What goes into machine images.</summary>
    public static readonly Requirement Agent = new(
        RequirementKind.Place, "agent", "Tarmak's agent goes into machine images.");

    /// <summary>Where Debian comes from.</summary>
    public static readonly Requirement Debian = new(
        RequirementKind.Place, "debian", "Machine images start from a Debian image: cached, from a registry, or made by debootstrap as root.");

    /// <summary>The sheet.</summary>
    public static RequirementSheet Sheet { get; } = new()
    {
        Type = ContainerProviderFactory.TypeName,
        Summary = "A container engine, Docker or Podman, as a whole cloud on one machine.",
        Requirements = [Engine, Root, Disk],
        Settings = [ProviderOptions.Host, ProviderOptions.Directory],
        Capabilities =
        [
            new StoreSheet(CapabilityNames.SecretStore) { Ways = [GrantWay.Brokered], Limitations = ["Values are at most 64 KiB.", "The key is a file of this machine; who is root here can read it."] },
            new InstanceMetadataSheet { Strength = EvidenceStrength.NonceSigned },
            new MachineImagesSheet
            {
                Objects = [ObjectSheet.Of(MachineImageDriver.Declared, ObjectMark.None)],
                Requirements = [Agent, Debian],
            },
            new StoreSheet(CapabilityNames.ContainerRegistry)
            {
                Ways = [GrantWay.Native],
                Objects = [ObjectSheet.Of(RegistryRepositoryDriver.Declared, ObjectMark.Companion)],
                Limitations =
                [
                    "The registry is the environment's edge, for machines of the environment only; nobody reaches it from outside.",
                    "An instance is known by its agent's certificate. Images that are overwritten keep their room until their repository goes.",
                ],
            },
            new StoreSheet(CapabilityNames.ObjectStorage)
            {
                Ways = [GrantWay.Brokered],
                Objects = [ObjectSheet.Of(BucketDriver.Declared, ObjectMark.Companion)],
                Limitations = ["Buckets are folders of this machine; nothing expires by itself."],
            },
            new CapabilitySheet(CapabilityNames.LoadBalancing)
            {
                Objects = [ObjectSheet.Of(LoadBalancerDriver.Declared, ObjectMark.Companion), ObjectSheet.Of(LoadBalancerTargetDriver.Declared, ObjectMark.Companion)],
                Limitations = ["Balancers run on the environment's edge and answer on 127.0.0.1."],
            },
            new DnsSheet
            {
                NeedsEdge = true,
                Objects = [ObjectSheet.Of(DnsZoneDriver.Declared, ObjectMark.Companion), ObjectSheet.Of(DnsRecordSetDriver.Declared, ObjectMark.Companion)],
                Limitations = ["Zones are served on the environment's edge; nothing delegates to them."],
            },
            new PeeringSheet
            {
                Objects = [ObjectSheet.Of(PeeringOfferDriver.Declared, ObjectMark.Companion), ObjectSheet.Of(PeeringAcceptanceDriver.Declared, ObjectMark.Companion)],
                Limitations = ["The edge passes packets between networks of its own environment; there is no way to another environment's."],
            },
            new FirewallSheet
            {
                PeerKinds = [FirewallPeerKinds.Cidr],
                Protocols = [.. FirewallProtocols.All],
                Objects = [ObjectSheet.Of(FirewallGroupDriver.Declared, ObjectMark.Companion), ObjectSheet.Of(FirewallRulesDriver.Declared, ObjectMark.Companion)],
                Limitations = ["Rules are in force in the machine itself: who is root there can change them until they are seen and mended."],
            },
            new CapabilitySheet(CapabilityNames.Network)
            {
                Objects = [ObjectSheet.Of(NetworkDriver.Declared, ObjectMark.Labels), ObjectSheet.Of(EdgeAttachmentDriver.Declared, ObjectMark.Name)],
            },
            new ComputeSheet
            {
                Sizes = [.. MachineSizes.Names],
                ReachableFrom = "127.0.0.0/8",
                Objects = [ObjectSheet.Of(MachineDriver.Declared, ObjectMark.Labels), ObjectSheet.Of(EdgeDriver.Declared, ObjectMark.Labels)],
                Limitations = ["Machines share the host's kernel.", "A stopped machine is started by Tarmak, not by the engine."],
            },
            new VolumesSheet
            {
                Classes = ["ssd"],
                Objects = [ObjectSheet.Of(VolumeDriver.Declared, ObjectMark.Labels)],
                Limitations = ["Sizes are not enforced."],
            },
            new AccessIdentitySheet { Policies = [.. AccessIdentityDriver.Policies], Objects = [ObjectSheet.Of(AccessIdentityDriver.Declared, ObjectMark.Companion)] },
        ],
    };
}
