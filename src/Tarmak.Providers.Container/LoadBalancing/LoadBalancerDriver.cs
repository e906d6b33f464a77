using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>Listeners of the edge's haproxy. A port once given stays, for it is in the edge's state.</summary>
internal sealed class LoadBalancerDriver(EdgeStore edges) : EdgeObjectDriver<LoadBalancerSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.LoadBalancer,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(LoadBalancerSpec spec) => spec.EdgeId;

    protected override string? Problem(LoadBalancerSpec spec) =>
        spec.IdleSeconds > 0 ? EdgeRendering.Problem(spec.Health) : "A balancer's idle timeout is above zero.";

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, LoadBalancerSpec spec)
    {
        if (!edge.State.Balancers.TryGetValue(call.Name, out var balancer) || !balancer.Mark.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{edge.Name}/{call.Name}";
        var outputs = ResourceJson.Write(new LoadBalancerOutputs(id, "127.0.0.1", balancer.Port));
        return IsAs(balancer, spec) ? Observation.Present(id, outputs) : Observation.Drifted(id, outputs, $"The balancer {call.Name} is set otherwise.");
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, LoadBalancerSpec spec)
    {
        var balancers = edge.State.Balancers;
        if (balancers.TryGetValue(call.Name, out var balancer))
        {
            balancer.Mark.RefuseOthers(call, "balancer", call.Name);
            if (balancer.Mark.IsThis(call) && IsAs(balancer, spec))
            {
                return edge.State;
            }
        }

        var made = (balancer ?? new EdgeBalancer { Mark = RecordedOwner.Of(call), Port = 0, Health = spec.Health, IdleSeconds = 0 }) with
        {
            Mark = RecordedOwner.Of(call),
            Port = PortFor(edge, call.Name, spec.Port ?? balancer?.Port),
            Health = spec.Health,
            IdleSeconds = spec.IdleSeconds,
        };
        return edge.State with { Balancers = balancers.SetItem(call.Name, made) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, LoadBalancerSpec spec) =>
        edge.State.Balancers.TryGetValue(call.Name, out var balancer) && balancer.Mark.IsThis(call)
            ? edge.State with { Balancers = edge.State.Balancers.Remove(call.Name) }
            : edge.State;

    private static bool IsAs(EdgeBalancer balancer, LoadBalancerSpec spec) =>
        balancer.Health == spec.Health && balancer.IdleSeconds == spec.IdleSeconds && (spec.Port is null || spec.Port == balancer.Port);

    private static int PortFor(EdgeSnapshot edge, string name, int? wanted)
    {
        var block = edge.Ports ?? throw EngineFaultException.Failed(ErrorClass.Terminal, $"The edge {edge.Name} does not say which ports it has.");
        var taken = edge.State.Balancers.Where(b => b.Key != name).Select(b => b.Value.Port).ToHashSet();
        if (wanted is { } port)
        {
            return !block.Balancers.Contains(port)
                ? throw EngineFaultException.Failed(ErrorClass.InvalidSpec, $"Port {port} is not of the edge's balancer ports {block.FirstBalancer}-{block.Last}.")
                : taken.Contains(port) ? throw EngineFaultException.Failed(ErrorClass.Conflict, $"Port {port} belongs to another balancer.") : port;
        }

        return block.Balancers.Where(p => !taken.Contains(p)).Cast<int?>().FirstOrDefault()
            ?? throw EngineFaultException.Failed(
                ErrorClass.QuotaExceeded, $"All balancer ports {block.FirstBalancer}-{block.Last} of the edge are taken; give the environment a larger block.");
    }
}
