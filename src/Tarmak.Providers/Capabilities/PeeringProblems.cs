using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>What can be wrong with an offer of a private way, whatever the cloud.</summary>
public static class PeeringProblems
{
    /// <summary>What is wrong with an offer, as a sentence.</summary>
    /// <param name="offer">The offer.</param>
    /// <returns>The problem; null where there is none.</returns>
    public static string? Of(PeeringOfferSpec offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return !Cidr.TryParse(offer.Cidr, out var own) ? $"{offer.Cidr} is no address range."
            : !Cidr.TryParse(offer.PeerCidr, out var peer) ? $"{offer.PeerCidr} is no address range."
            : own.Overlaps(peer) ? $"The networks {offer.Cidr} and {offer.PeerCidr} overlap, so that no way can lead from one to the other; give one of them another range."
            : null;
    }

    /// <summary>What is wrong with accepting an offer, as a sentence.</summary>
    /// <param name="acceptance">What is to be accepted.</param>
    /// <param name="cidr">The range of the side that asked, in the offer.</param>
    /// <param name="peerCidr">The range of the side that is asked, in the offer.</param>
    /// <returns>The problem; null where there is none.</returns>
    public static string? Of(PeeringAcceptanceSpec acceptance, string cidr, string peerCidr)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        return cidr == acceptance.PeerCidr && peerCidr == acceptance.Cidr
            ? null
            : $"The offer {acceptance.OfferId} is about {cidr} and {peerCidr}, and what was to be accepted is a way from {acceptance.PeerCidr} to {acceptance.Cidr}.";
    }
}
