using System.Collections.Immutable;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of balancers and their targets.</summary>
internal static class LoadBalancingChecks
{
    private const int TargetOffset = 20;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.LoadBalancing, ResourceKinds.LoadBalancer, static p => p.LoadBalancing?.Balancers, BalancerAsync, IsPlaced, Places.WithoutMachines, changed: static spec => spec with { IdleSeconds = spec.IdleSeconds + 30 }),
        .. LifecycleChecks.Of(CapabilityNames.LoadBalancing, ResourceKinds.LoadBalancerTarget, static p => p.LoadBalancing?.Targets, TargetAsync, IsPlaced, Places.WithoutMachines, another: static (spec, n) => spec with { Address = Addresses.Beside(spec.Address, n) }),
    ];

    private static bool IsPlaced(IProvider provider) => provider is { Compute: not null, Network: not null };

    /// <summary>A balancer on the place's edge, for the place's inner network.</summary>
    internal static async Task<LoadBalancerSpec> BalancerAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var edge = await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false);
        var network = await scope.Place.InnerAsync(cancellationToken).ConfigureAwait(false);
        return new LoadBalancerSpec(edge.EdgeId, network.NetworkId, new HealthCheck("tcp", null, 2, 2, 2, 2), Port: null, IdleSeconds: 60);
    }

    private static async Task<LoadBalancerTargetSpec> TargetAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var balancer = new Specimen<LoadBalancerSpec>(
            scope, scope.Provider.LoadBalancing!.Balancers, ResourceKinds.LoadBalancer, await BalancerAsync(scope, cancellationToken).ConfigureAwait(false), "balancer");
        var made = ResourceJson.Read<LoadBalancerOutputs>((await balancer.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
        var network = await scope.Place!.InnerAsync(cancellationToken).ConfigureAwait(false);
        return new LoadBalancerTargetSpec(made.LoadBalancerId, Cidr.Parse(network.Cidr).Host(TargetOffset).ToString(), 2379);
    }
}
