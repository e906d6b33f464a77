using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability LoadBalancing: listeners with a health check, and their targets.</summary>
public interface ILoadBalancing
{
    /// <summary>Balancers.</summary>
    IResourceDriver<LoadBalancerSpec> Balancers { get; }

    /// <summary>Targets; deleting one drains it first.</summary>
    IResourceDriver<LoadBalancerTargetSpec> Targets { get; }
}
