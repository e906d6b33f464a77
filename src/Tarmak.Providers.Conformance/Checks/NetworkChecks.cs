using System.Collections.Immutable;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of networks, and of the edge's place in them.</summary>
internal static class NetworkChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.Network, ResourceKinds.Network, static p => p.Network?.Networks, static (_, _) => Task.FromResult(new NetworkSpec(null, Internal: true)), another: static (spec, _) => spec),
        .. LifecycleChecks.Of(
            CapabilityNames.Network, ResourceKinds.EdgeAttachment, static p => p.Network?.EdgeAttachments, AttachmentAsync, static p => p.Compute is not null, Places.WithoutMachines, only: LifecycleChecks.OfUnowned),
    ];

    /// <summary>The edge's place in the inner network of the place.</summary>
    internal static async Task<EdgeAttachmentSpec> AttachmentAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var edge = await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false);
        var network = await scope.Place.InnerAsync(cancellationToken).ConfigureAwait(false);
        return new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, Cidr.Parse(network.Cidr).Host(AddressPlan.EdgeOffset).ToString());
    }
}
