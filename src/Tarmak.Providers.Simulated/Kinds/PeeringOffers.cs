using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Offers of ways between networks. One that goes takes its acceptance along.</summary>
internal static class PeeringOffers
{
    public static SimulatedKind<PeeringOfferSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.PeeringOffer,
        Prefix = "pof",
        Family = ApiFamily.Network,
        Making = Latency.Of(1, 4),
        TakesAlong = static id => (PeeringAcceptances.Kind, PeeringAcceptances.NameOf(id)),
        ProblemOf = PeeringProblems.Of,
        ReferencesOf = static spec => [spec.NetworkId, spec.PeerNetworkId],
        Outputs = static (made, _, _) => ResourceJson.Write(new PeeringOfferOutputs(made.Id)),
        Change = static (_, _) => ChangeEffect.Replace,
    };
}
