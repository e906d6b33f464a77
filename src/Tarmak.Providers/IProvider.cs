using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers;

/// <summary>One account at one cloud, bound by name. A capability it does not offer is null.</summary>
public interface IProvider : IAsyncDisposable
{
    /// <summary>What it offers, needs and cannot do. It says the same as the provider's behaviour: the conformance kit compares them.</summary>
    RequirementSheet Sheet { get; }

    /// <summary>Networks.</summary>
    INetwork? Network => null;

    /// <summary>Machines and edges.</summary>
    ICompute? Compute => null;

    /// <summary>Volumes.</summary>
    IVolumes? Volumes => null;

    /// <summary>Machine images.</summary>
    IMachineImages? MachineImages => null;

    /// <summary>DNS.</summary>
    IDns? Dns => null;

    /// <summary>Load balancing.</summary>
    ILoadBalancing? LoadBalancing => null;

    /// <summary>What machines can prove about themselves.</summary>
    IInstanceMetadata? InstanceMetadata => null;

    /// <summary>Private ways between networks.</summary>
    INetworkPeering? NetworkPeering => null;

    /// <summary>Who may reach whom.</summary>
    IFirewall? Firewall => null;

    /// <summary>Images that containers start from.</summary>
    IContainerRegistry? ContainerRegistry => null;

    /// <summary>What machines may call at their cloud.</summary>
    IAccessIdentity? AccessIdentity => null;

    /// <summary>Secrets.</summary>
    ISecretStore? SecretStore => null;

    /// <summary>Object storage.</summary>
    IObjectStorage? ObjectStorage => null;

    /// <summary>Reading changes and lists of owned objects.</summary>
    IObjectWatch? Watch => null;

    /// <summary>Terminal access to machines, for <c>tarmak ssh</c> and <c>tarmak logs</c>.</summary>
    IMachineAccess? Access => null;

    /// <summary>Who answers for machines that run nothing; null where they run.</summary>
    IMachineStandIn? StandIn => null;

    /// <summary>Looks, without changing anything, whether the sheet's requirements are met.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A finding for each requirement; one that cannot be looked at is told as unknown, never as an exception.</returns>
    Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Checks, without changing anything, whether what is wanted could be made.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Everything that stands in the way, one sentence each; empty when nothing does.</returns>
    Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken);
}

/// <summary>What a provider is asked to check before anything is accepted.</summary>
/// <param name="Networks">Networks about to be made: key of the owning machine, as in the objects' marks, and address range.</param>
/// <param name="EdgePorts">Edges about to be made or changed: environment and explicitly wanted ports (<c>first-last</c>) or null.</param>
public sealed record PreflightRequest(
    IReadOnlyList<(string OwnerKey, string Cidr)> Networks,
    IReadOnlyList<(string Environment, string? Ports)> EdgePorts)
{
    /// <summary>Zones of names seen from outside about to be used: environment and zone.</summary>
    public IReadOnlyList<(string Environment, string Zone)> Zones { get; init; } = [];
}
