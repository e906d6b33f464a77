using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>
/// Targets. Taking one out drains it: haproxy's new process sends it nothing, the old one serves its open connections
/// to their end, ten minutes at most.
/// </summary>
internal sealed class LoadBalancerTargetDriver(EdgeStore edges) : EdgeObjectDriver<LoadBalancerTargetSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.LoadBalancerTarget,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None
            : ResourceJson.Read<LoadBalancerTargetSpec>(made).LoadBalancerId == ResourceJson.Read<LoadBalancerTargetSpec>(wanted).LoadBalancerId
                ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(LoadBalancerTargetSpec spec) => EdgeOf(spec.LoadBalancerId);

    protected override string? Problem(LoadBalancerTargetSpec spec) =>
        IPAddress.TryParse(spec.Address, out _) && spec.Port is > 0 and <= ushort.MaxValue ? null : $"{spec.Address}:{spec.Port} is no target.";

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, LoadBalancerTargetSpec spec)
    {
        if (!edge.State.Balancers.TryGetValue(Inside(spec.LoadBalancerId), out var balancer)
            || !balancer.Targets.TryGetValue(call.Name, out var target) || !target.Mark.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{spec.LoadBalancerId}/{call.Name}";
        var outputs = ResourceJson.Write(new LoadBalancerTargetOutputs(id));
        return IsAs(target, spec) ? Observation.Present(id, outputs) : Observation.Drifted(id, outputs, "The target has another address.");
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, LoadBalancerTargetSpec spec)
    {
        var name = Inside(spec.LoadBalancerId);
        if (!edge.State.Balancers.TryGetValue(name, out var balancer))
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The balancer {name} of target {spec.Address}:{spec.Port} is gone.");
        }

        if (balancer.Targets.TryGetValue(call.Name, out var target))
        {
            target.Mark.RefuseOthers(call, "target", call.Name);
            if (target.Mark.IsThis(call) && IsAs(target, spec))
            {
                return edge.State;
            }
        }

        var targets = balancer.Targets.SetItem(call.Name, new EdgeTarget(RecordedOwner.Of(call), spec.Address, spec.Port));
        return edge.State with { Balancers = edge.State.Balancers.SetItem(name, balancer with { Targets = targets }) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, LoadBalancerTargetSpec spec)
    {
        var name = Inside(spec.LoadBalancerId);
        return edge.State.Balancers.TryGetValue(name, out var balancer)
            && balancer.Targets.TryGetValue(call.Name, out var target) && target.Mark.IsThis(call)
            ? edge.State with { Balancers = edge.State.Balancers.SetItem(name, balancer with { Targets = balancer.Targets.Remove(call.Name) }) }
            : edge.State;
    }

    private static bool IsAs(EdgeTarget target, LoadBalancerTargetSpec spec) => target.Address == spec.Address && target.Port == spec.Port;
}
