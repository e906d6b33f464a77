using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>What the machine of an instance is to be.</summary>
public sealed record MachineSpec
{
    /// <summary>The machine image's id.</summary>
    public required string ImageId { get; init; }

    /// <summary>Host name, for example <c>etcd-0</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>Size class (tiny, small, medium, large) or a provider's own type name.</summary>
    public required string Size { get; init; }

    /// <summary>The network it joins.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Its fixed address in that network; null lets the provider choose (stateless pools).</summary>
    public string? Address { get; init; }

    /// <summary>The address in its network that passes on what is for other networks, where machines are told it; null: none, or the cloud's own.</summary>
    public string? Gateway { get; init; }

    /// <summary>Volumes attached to it.</summary>
    public ImmutableArray<VolumeAttachment> Volumes { get; init; } = [];

    /// <summary>The firewall group it is in; null: none, and then it is as open as its cloud leaves a machine.</summary>
    public string? FirewallGroupId { get; init; }

    /// <summary>What it is at its cloud, where a machine is started as somebody (<see cref="AccessIdentityOutputs.MachineIdentity"/>); null: nobody.</summary>
    public string? IdentityId { get; init; }

    /// <summary>What the instance's agent must know at first boot, the one-time secret excepted.</summary>
    public required FirstBoot FirstBoot { get; init; }
}

/// <summary>A volume attached to a machine.</summary>
/// <param name="VolumeId">The volume's provider id.</param>
/// <param name="MountPath">Where the machine finds it.</param>
public sealed record VolumeAttachment(string VolumeId, string MountPath);

/// <summary>
/// First-boot data. It reaches the machine as files readable by root only, beside the one-time enrolment secret,
/// which is fetched at call time and is never part of a specification.
/// </summary>
/// <param name="Instance">Key of the instance, for example <c>dev/demo/etcd/0</c>.</param>
/// <param name="InstanceUid">The instance's identity.</param>
/// <param name="RelayAddress"><c>host:port</c> of the relay on the inner network.</param>
/// <param name="AuthorityPin">SHA-256 (hex) of the engine authority's public key; the agent trusts nothing else.</param>
public sealed record FirstBoot(string Instance, string InstanceUid, string RelayAddress, string AuthorityPin);

/// <summary>The machine.</summary>
/// <param name="MachineId">The provider's id.</param>
/// <param name="Address">Its address.</param>
public sealed record MachineOutputs(string MachineId, string Address);
