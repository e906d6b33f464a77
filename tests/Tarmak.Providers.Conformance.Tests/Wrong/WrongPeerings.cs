using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Peerings, wrong in one way each.</summary>
internal static class WrongPeerings
{
    private const string Way = "networkPeering/way-opens-with-both-halves";

    public static IEnumerable<WrongDriver> All =>
    [
        Of("offers ways between overlapping networks", "overlapping-networks-are-refused", offers => new MemoryPeering(new OffersAnything())),
        Of("accepts what nobody offers", "offer-that-is-gone-cannot-be-accepted", offers => new MemoryPeering(offers) { MadeAcceptances = new AcceptsAnything(offers) }),
        new("opens a way with the offer alone", Way, MemoryCloud.Right(new MemoryIdentities(), ways: static p => p.MadeOffers.All.Select(o => (o.Spec.NetworkId, o.Spec.PeerNetworkId))).Open),
        new("opens no way at all", Way, MemoryCloud.Right(new MemoryIdentities(), ways: static _ => []).Open),
        Of("tells a way whose offer was withdrawn", "withdrawn-offer-ends-the-way", offers => new MemoryPeering(offers) { MadeAcceptances = new TellsTheEnded(offers) }),
    ];

    private static WrongDriver Of(string what, string caught, Func<MemoryOffers, INetworkPeering> peering) =>
        new(what, $"networkPeering/{caught}", MemoryCloud.Of(peering: peering(new MemoryOffers())).Open);

    private sealed class OffersAnything : MemoryOffers
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, PeeringOfferSpec spec, CancellationToken cancellationToken) =>
            base.EnsureAsync(call, spec with { PeerCidr = "203.0.113.0/24" }, cancellationToken);
    }

    private sealed class AcceptsAnything(MemoryOffers offers) : MemoryAcceptances(offers)
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, PeeringAcceptanceSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Ended(Seen(Own(call) ?? Make(call)));
            }
        }
    }

    internal sealed class TellsTheEnded(MemoryOffers offers) : MemoryAcceptances(offers)
    {
        public override Task<StepOutcome> ObserveAsync(ResourceCall call, PeeringAcceptanceSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Ended(Own(call) is { } mine ? Seen(mine) : Observation.Absent);
            }
        }
    }
}
