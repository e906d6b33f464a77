using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of private ways between networks.</summary>
internal static class PeeringChecks
{
    internal const string Cidr = "198.18.0.0/24";
    internal const string PeerCidr = "198.18.1.0/24";
    private const string ThirdCidr = "198.18.2.0/24";
    private const int MachineOffset = 20;
    private const int Port = 2379;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.NetworkPeering, ResourceKinds.PeeringOffer, static p => p.NetworkPeering?.Offers, OfferAsync, IsPlaced, Places.WithoutMachines),
        .. LifecycleChecks.Of(CapabilityNames.NetworkPeering, ResourceKinds.PeeringAcceptance, static p => p.NetworkPeering?.Acceptances, AcceptanceAsync, IsPlaced, Places.WithoutMachines),
        Check("offer-that-is-gone-cannot-be-accepted", "Accepting an offer that is gone fails as DependencyMissing.", GoneAsync),
        Check("overlapping-networks-are-refused", "An offer of a way between networks that overlap fails as InvalidSpec.", OverlappingAsync),
        Check("withdrawn-offer-ends-the-way", "When an accepted offer is deleted, its acceptance is observed as absent.", WithdrawnAsync),
        new(
            $"{CapabilityNames.NetworkPeering}/way-opens-with-both-halves", "An offer alone opens nothing; with its acceptance machines of both networks reach each other, and none of a third one does; without it they do not.",
            static p => p is { NetworkPeering: not null, Network: not null, Compute: not null, MachineImages: not null } && Senders.AreThere(p), WayAsync) { ExcludedBy = Places.WithoutMachines },
    ];

    // Where the provider has machines, ways are between its networks and may run over its edge.
    private static bool IsPlaced(IProvider provider) => provider is { NetworkPeering: not null } and ({ Network: not null } or { Compute: null });

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run) =>
        new($"{CapabilityNames.NetworkPeering}/{behaviour}", demand, IsPlaced, run) { ExcludedBy = Places.WithoutMachines };

    private static async Task<PeeringOfferSpec> OfferAsync(CheckScope scope, CancellationToken cancellationToken) => scope.Provider.Compute is null
        ? new PeeringOfferSpec($"{scope.Name}-one", Cidr, $"{scope.Name}-other", PeerCidr, null)
        : new PeeringOfferSpec(
            (await scope.Place!.InnerAsync(cancellationToken).ConfigureAwait(false)).NetworkId, Cidr,
            (await scope.Place.InnerAsync(cancellationToken).ConfigureAwait(false)).NetworkId, PeerCidr,
            (await scope.Place.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId);

    private static async Task<(Specimen<PeeringOfferSpec> Offer, Observation Made)> OfferedAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var offer = new Specimen<PeeringOfferSpec>(
            scope, scope.Provider.NetworkPeering!.Offers, ResourceKinds.PeeringOffer, await OfferAsync(scope, cancellationToken).ConfigureAwait(false), "offer");
        return (offer, await offer.EnsureAsync(cancellationToken).ConfigureAwait(false));
    }

    private static async Task<PeeringAcceptanceSpec> AcceptanceAsync(CheckScope scope, CancellationToken cancellationToken) =>
        Acceptance((await OfferedAsync(scope, cancellationToken).ConfigureAwait(false)).Made, await OfferAsync(scope, cancellationToken).ConfigureAwait(false));

    /// <summary>What accepts an offer.</summary>
    internal static PeeringAcceptanceSpec Acceptance(Observation made, PeeringOfferSpec offer) => new(
        ResourceJson.Read<PeeringOfferOutputs>(made.Outputs!).OfferId, offer.PeerNetworkId, offer.PeerCidr, offer.NetworkId, offer.Cidr);

    private static Specimen<PeeringAcceptanceSpec> Of(CheckScope scope, PeeringAcceptanceSpec spec) =>
        new(scope, scope.Provider.NetworkPeering!.Acceptances, ResourceKinds.PeeringAcceptance, spec);

    private static async Task GoneAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var (offer, made) = await OfferedAsync(scope, cancellationToken).ConfigureAwait(false);
        await offer.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        var acceptance = Of(scope, Acceptance(made, await OfferAsync(scope, cancellationToken).ConfigureAwait(false)));
        var outcome = await acceptance.EnsureOutcomeAsync(acceptance.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.DependencyMissing }, $"Accepting an offer that is gone ended as {outcome}.");
    }

    private static async Task OverlappingAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var spec = await OfferAsync(scope, cancellationToken).ConfigureAwait(false);
        var offer = new Specimen<PeeringOfferSpec>(
            scope, scope.Provider.NetworkPeering!.Offers, ResourceKinds.PeeringOffer, spec with { PeerCidr = "198.18.0.128/25" });
        var outcome = await offer.EnsureOutcomeAsync(offer.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.InvalidSpec }, $"An offer between overlapping networks ended as {outcome}.");
    }

    private static async Task WithdrawnAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var (offer, made) = await OfferedAsync(scope, cancellationToken).ConfigureAwait(false);
        var acceptance = Of(scope, Acceptance(made, await OfferAsync(scope, cancellationToken).ConfigureAwait(false)));
        await acceptance.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await offer.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        await offer.SettleAsync(cancellationToken).ConfigureAwait(false);
        Expect.That(
            !(await acceptance.ObserveAsync(acceptance.Call, cancellationToken).ConfigureAwait(false)).Exists,
            "The offer is deleted, and its acceptance is told to be there.");
    }

    private static async Task WayAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var edge = (await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId;
        async Task<(string Network, MachineOutputs Machine)> SideAsync(string part, string cidr)
        {
            var network = ResourceJson.Read<NetworkOutputs>((await new Specimen<NetworkSpec>(
                scope, scope.Provider.Network!.Networks, ResourceKinds.Network, new NetworkSpec(cidr, Internal: true), part).EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
            var gateway = Model.Networking.Cidr.Parse(cidr).Host(AddressPlan.EdgeOffset).ToString();
            await new Specimen<EdgeAttachmentSpec>(
                scope, scope.Provider.Network.EdgeAttachments, ResourceKinds.EdgeAttachment, new EdgeAttachmentSpec(edge, network.NetworkId, gateway), part).EnsureAsync(cancellationToken).ConfigureAwait(false);
            var machine = await ComputeChecks.MachineInAsync(scope, network, MachineOffset, cancellationToken).ConfigureAwait(false);
            return (network.NetworkId, await ComputeChecks.MadeAsync(scope, part, machine with { Gateway = gateway }, cancellationToken).ConfigureAwait(false));
        }

        var (one, peer, third) = (await SideAsync("one", Cidr).ConfigureAwait(false), await SideAsync("peer", PeerCidr).ConfigureAwait(false), await SideAsync("third", ThirdCidr).ConfigureAwait(false));
        async Task ExpectAsync(bool open, string why)
        {
            await Senders.ExpectAsync(open, scope, one.Machine, peer.Machine, Port, why, cancellationToken).ConfigureAwait(false);
            await Senders.ExpectAsync(open, scope, peer.Machine, one.Machine, Port, why, cancellationToken).ConfigureAwait(false);
        }

        var spec = new PeeringOfferSpec(one.Network, Cidr, peer.Network, PeerCidr, edge);
        var offer = await new Specimen<PeeringOfferSpec>(scope, scope.Provider.NetworkPeering!.Offers, ResourceKinds.PeeringOffer, spec, "offer").EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ExpectAsync(false, "a way is offered only.").ConfigureAwait(false);
        var acceptance = Of(scope, Acceptance(offer, spec));
        var made = await acceptance.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ExpectAsync(true, "a way is offered and accepted.").ConfigureAwait(false);
        await Senders.ExpectAsync(false, scope, third.Machine, peer.Machine, Port, "no way leads there.", cancellationToken).ConfigureAwait(false);
        await acceptance.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        await ExpectAsync(false, "the way is not accepted any more.").ConfigureAwait(false);
    }
}
