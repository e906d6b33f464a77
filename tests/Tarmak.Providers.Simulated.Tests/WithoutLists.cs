using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>A provider that lists nothing.</summary>
internal sealed class WithoutLists(SimulatedProvider provider) : IProvider
{
    public RequirementSheet Sheet => provider.Sheet;

    public INetwork? Network => provider.Network;

    public ICompute? Compute => provider.Compute;

    public IVolumes? Volumes => ((IProvider)provider).Volumes;

    public IMachineImages? MachineImages => provider.MachineImages;

    public IDns? Dns => provider.Dns;

    public IFirewall? Firewall => provider.Firewall;

    public INetworkPeering? NetworkPeering => provider.NetworkPeering;

    public IMachineStandIn? StandIn => provider.StandIn;

    public ILoadBalancing? LoadBalancing => provider.LoadBalancing;

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => provider.VerifyAsync(cancellationToken);

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) => provider.CheckAsync(request, cancellationToken);

    public ValueTask DisposeAsync() => provider.DisposeAsync();
}
