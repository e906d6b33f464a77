using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of private ways between networks.</summary>
internal static class PeeringChecks
{
    private const string Cidr = "198.18.0.0/24";
    private const string PeerCidr = "198.18.1.0/24";

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.NetworkPeering, ResourceKinds.PeeringOffer, static p => p.NetworkPeering?.Offers, OfferAsync, IsPlaced),
        .. LifecycleChecks.Of(CapabilityNames.NetworkPeering, ResourceKinds.PeeringAcceptance, static p => p.NetworkPeering?.Acceptances, AcceptanceAsync, IsPlaced),
        Check("offer-that-is-gone-cannot-be-accepted", "Accepting an offer that is gone fails as DependencyMissing.", GoneAsync),
        Check("overlapping-networks-are-refused", "An offer of a way between networks that overlap fails as InvalidSpec.", OverlappingAsync),
        Check("withdrawn-offer-ends-the-way", "When an accepted offer is deleted, its acceptance is observed as absent.", WithdrawnAsync),
    ];

    // Where the provider has machines, ways are between its networks and may run over its edge.
    private static bool IsPlaced(IProvider provider) => provider is { NetworkPeering: not null } and ({ Network: not null } or { Compute: null });

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run) =>
        new($"{CapabilityNames.NetworkPeering}/{behaviour}", demand, IsPlaced, run);

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

    private static PeeringAcceptanceSpec Acceptance(Observation made, PeeringOfferSpec offer) => new(
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
        Expect.That(
            !(await acceptance.ObserveAsync(acceptance.Call, cancellationToken).ConfigureAwait(false)).Exists,
            "The offer is deleted, and its acceptance is told to be there.");
    }
}
