using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container;

/// <summary>Capability LoadBalancing: haproxy on the edge.</summary>
internal sealed record ContainerLoadBalancing(
    IResourceDriver<LoadBalancerSpec> Balancers, IResourceDriver<LoadBalancerTargetSpec> Targets) : ILoadBalancing;
