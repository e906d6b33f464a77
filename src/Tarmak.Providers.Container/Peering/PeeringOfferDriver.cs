using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Peering;

/// <summary>Offers: entries in the edge's state that pass nothing yet.</summary>
internal sealed class PeeringOfferDriver(EdgeStore edges) : EdgeObjectDriver<PeeringOfferSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.PeeringOffer,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(PeeringOfferSpec spec) => spec.EdgeId;

    protected override string? Problem(PeeringOfferSpec spec) => PeeringProblems.Of(spec);

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, PeeringOfferSpec spec)
    {
        if (!edge.State.Peerings.TryGetValue(call.Name, out var peering) || !peering.Mark.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{edge.Name}/{call.Name}";
        var outputs = ResourceJson.Write(new PeeringOfferOutputs(id));
        return IsAs(peering, spec) ? Observation.Present(id, outputs) : Observation.Drifted(id, outputs, $"The offer {call.Name} is about other networks.");
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, PeeringOfferSpec spec)
    {
        if (edge.State.Peerings.TryGetValue(call.Name, out var peering))
        {
            peering.Mark.RefuseOthers(call, "peering", call.Name);
            if (peering.Mark.IsThis(call) && IsAs(peering, spec))
            {
                return edge.State;
            }
        }

        // What was accepted was about the networks of before.
        return edge.State with { Peerings = edge.State.Peerings.SetItem(call.Name, new EdgePeering(RecordedOwner.Of(call), spec.Cidr, spec.PeerCidr, null)) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, PeeringOfferSpec spec) =>
        edge.State.Peerings.TryGetValue(call.Name, out var peering) && peering.Mark.IsThis(call)
            ? edge.State with { Peerings = edge.State.Peerings.Remove(call.Name) }
            : edge.State;

    private static bool IsAs(EdgePeering peering, PeeringOfferSpec spec) => peering.Cidr == spec.Cidr && peering.PeerCidr == spec.PeerCidr;
}
