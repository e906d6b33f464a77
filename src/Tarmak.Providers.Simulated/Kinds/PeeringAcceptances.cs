using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Acceptances, one for each offer: with it packets pass both ways.</summary>
internal static class PeeringAcceptances
{
    public static SimulatedKind<PeeringAcceptanceSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.PeeringAcceptance,
        Prefix = "pac",
        Family = ApiFamily.Network,
        HasUniqueNames = true,
        Making = Latency.Of(2, 8),
        NameOf = static (_, spec) => NameOf(spec.OfferId),
        ProblemAt = static (spec, _, account) => account.Find(spec.OfferId) is { } offered && ResourceJson.Read<PeeringOfferSpec>(offered.Parameters) is var offer
            ? PeeringProblems.Of(spec, offer.Cidr, offer.PeerCidr) : null,
        NeedsOf = static spec => [spec.OfferId],
        ReferencesOf = static spec => [spec.NetworkId, spec.PeerNetworkId],
        Outputs = static (made, _, _) => ResourceJson.Write(new PeeringAcceptanceOutputs(made.Id)),
        Change = static (_, _) => ChangeEffect.Replace,
    };

    /// <summary>The name of an offer's acceptance.</summary>
    public static string NameOf(string offerId) => $"{offerId}/accepted";
}
