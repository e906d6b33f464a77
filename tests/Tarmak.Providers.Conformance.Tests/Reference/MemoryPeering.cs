using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Peering as it should be.</summary>
internal sealed class MemoryPeering : INetworkPeering
{
    public MemoryPeering(MemoryOffers? offers = null)
    {
        var made = offers ?? new MemoryOffers();
        Offers = made;
        MadeOffers = made;
        MadeAcceptances = new MemoryAcceptances(made);
    }

    public MemoryOffers MadeOffers { get; }

    public MemoryAcceptances MadeAcceptances { get; init; }

    public IResourceDriver<PeeringOfferSpec> Offers { get; }

    public IResourceDriver<PeeringAcceptanceSpec> Acceptances => MadeAcceptances;

    /// <summary>The ways that are open.</summary>
    public IEnumerable<(string One, string Other)> Ways => MadeAcceptances.All.Where(a => MadeOffers.Has(a.Spec.OfferId)).Select(a => (a.Spec.NetworkId, a.Spec.PeerNetworkId));
}

/// <summary>Offers as they should be.</summary>
internal class MemoryOffers() : MemoryDriver<PeeringOfferSpec>(ResourceKinds.PeeringOffer)
{
    public override Task<StepOutcome> EnsureAsync(ResourceCall call, PeeringOfferSpec spec, CancellationToken cancellationToken) =>
        Cidr.Parse(spec.Cidr).Overlaps(Cidr.Parse(spec.PeerCidr))
            ? Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.InvalidSpec, $"{spec.Cidr} and {spec.PeerCidr} overlap."))
            : base.EnsureAsync(call, spec, cancellationToken);

    protected override string Outputs(string id) => ResourceJson.Write(new PeeringOfferOutputs(id));
}

/// <summary>Acceptances as they should be: there only while their offer is.</summary>
internal class MemoryAcceptances(MemoryOffers offers) : MemoryDriver<PeeringAcceptanceSpec>(ResourceKinds.PeeringAcceptance)
{
    public override Task<StepOutcome> ObserveAsync(ResourceCall call, PeeringAcceptanceSpec spec, CancellationToken cancellationToken) =>
        offers.Has(spec.OfferId) ? base.ObserveAsync(call, spec, cancellationToken) : Ended(Observation.Absent);

    public override Task<StepOutcome> EnsureAsync(ResourceCall call, PeeringAcceptanceSpec spec, CancellationToken cancellationToken) =>
        offers.Has(spec.OfferId)
            ? base.EnsureAsync(call, spec, cancellationToken)
            : Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.DependencyMissing, $"The offer {spec.OfferId} is gone."));

    protected override string Outputs(string id) => ResourceJson.Write(new PeeringAcceptanceOutputs(id));
}
