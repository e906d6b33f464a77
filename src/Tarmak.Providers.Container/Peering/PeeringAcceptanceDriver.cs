using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Peering;

/// <summary>Acceptances: with one, the edge passes packets between the offer's two networks.</summary>
internal sealed class PeeringAcceptanceDriver(EdgeStore edges) : EdgeObjectDriver<PeeringAcceptanceSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.PeeringAcceptance,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(PeeringAcceptanceSpec spec) => EdgeOf(spec.OfferId);

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, PeeringAcceptanceSpec spec)
    {
        if (!edge.State.Peerings.TryGetValue(Inside(spec.OfferId), out var peering) || peering.Accepted?.IsThis(call) is not true)
        {
            return Observation.Absent;
        }

        var id = $"{spec.OfferId}/accepted";
        return Observation.Present(id, ResourceJson.Write(new PeeringAcceptanceOutputs(id)));
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, PeeringAcceptanceSpec spec)
    {
        var name = Inside(spec.OfferId);
        if (!edge.State.Peerings.TryGetValue(name, out var peering))
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The offer {name} of a way from {spec.PeerCidr} to {spec.Cidr} is gone.");
        }

        if (PeeringProblems.Of(spec, peering.Cidr, peering.PeerCidr) is { } problem)
        {
            throw EngineFaultException.Failed(ErrorClass.InvalidSpec, problem);
        }

        peering.Accepted?.RefuseOthers(call, "accepted peering", name);
        return peering.Accepted?.IsThis(call) is true
            ? edge.State
            : edge.State with { Peerings = edge.State.Peerings.SetItem(name, peering with { Accepted = RecordedOwner.Of(call) }) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, PeeringAcceptanceSpec spec)
    {
        var name = Inside(spec.OfferId);
        return edge.State.Peerings.TryGetValue(name, out var peering) && peering.Accepted?.IsThis(call) is true
            ? edge.State with { Peerings = edge.State.Peerings.SetItem(name, peering with { Accepted = null }) }
            : edge.State;
    }
}
