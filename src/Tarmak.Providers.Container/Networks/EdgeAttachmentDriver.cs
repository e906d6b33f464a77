using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Networks;

/// <summary>
/// The edge's place in an inner network. An attachment has no labels of its own: it is found on the edge's container,
/// and both its ends are the environment's or the cluster's own.
/// </summary>
internal sealed class EdgeAttachmentDriver(ContainerEngine engine) : ContainerDriver<EdgeAttachmentSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.EdgeAttachment,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, EdgeAttachmentSpec spec, CancellationToken cancellationToken)
    {
        var edge = await engine.FindContainerAsync(spec.EdgeId, cancellationToken).ConfigureAwait(false);
        return edge is null || await AddressAsync(edge, spec.NetworkId, cancellationToken).ConfigureAwait(false) is not { } address
            ? Gone()
            : Seen(See(spec, address));
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, EdgeAttachmentSpec spec, CancellationToken cancellationToken)
    {
        if (await engine.FindContainerAsync(spec.EdgeId, cancellationToken).ConfigureAwait(false) is not { } edge)
        {
            return Refused(ErrorClass.DependencyMissing, $"Edge {spec.EdgeId} is gone, so it cannot join network {spec.NetworkId}.");
        }

        if (!IsOwn(edge.Config.Labels, call))
        {
            return Refused(ErrorClass.Conflict, Labels.Foreign("edge", edge.Name));
        }

        var address = await AddressAsync(edge, spec.NetworkId, cancellationToken).ConfigureAwait(false);
        if (address == spec.Address)
        {
            return Seen(See(spec, address));
        }

        if (address is not null)
        {
            await DisconnectAsync(edge.ID, spec.NetworkId, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await engine.ChangeAsync(
                $"Connecting edge {edge.Name} to network {spec.NetworkId}",
                (d, t) => d.Networks.ConnectNetworkAsync(
                    spec.NetworkId,
                    new NetworkConnectParameters
                    {
                        Container = edge.ID,
                        EndpointConfig = new EndpointSettings
                        {
                            IPAMConfig = new EndpointIPAMConfig { IPv4Address = spec.Address },
                            MacAddress = HardwareAddress.Of(spec.Address),
                        },
                    },
                    t),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (ContainerEngine.IsNotFound(fault))
        {
            return Refused(ErrorClass.DependencyMissing, fault.Message);
        }

        return Seen(See(spec, spec.Address));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, EdgeAttachmentSpec spec, CancellationToken cancellationToken)
    {
        var edge = await engine.FindContainerAsync(spec.EdgeId, cancellationToken).ConfigureAwait(false);
        if (edge is not null && IsOwn(edge.Config.Labels, call)
            && await AddressAsync(edge, spec.NetworkId, cancellationToken).ConfigureAwait(false) is not null)
        {
            await DisconnectAsync(edge.ID, spec.NetworkId, cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }

    // The edge is the environment's, the attachment a cluster's: their uids differ, installation and environment do not.
    private static bool IsOwn(IDictionary<string, string>? labels, ResourceCall call) =>
        Labels.Marks(labels) is { } marks && marks.Installation == call.Marks.Installation && marks.Environment == call.Marks.Environment;

    private static Observation See(EdgeAttachmentSpec spec, string address)
    {
        var id = $"{spec.EdgeId}/{spec.NetworkId}";
        var outputs = ResourceJson.Write(new EdgeAttachmentOutputs(address));
        return address == spec.Address
            ? Observation.Present(id, outputs)
            : Observation.Drifted(id, outputs, $"The edge has address {address} instead of {spec.Address}.");
    }

    // Docker lists a container's networks by name with their ids; Podman gives the name for both.
    private async Task<string?> AddressAsync(ContainerInspectResponse edge, string networkId, CancellationToken cancellationToken) =>
        await engine.FindNetworkAsync(networkId, cancellationToken).ConfigureAwait(false) is { } network
        && edge.NetworkSettings?.Networks is { } networks && networks.TryGetValue(network.Name, out var endpoint)
            ? endpoint.IPAMConfig?.IPv4Address is { Length: > 0 } wanted ? wanted : endpoint.IPAddress ?? string.Empty
            : null;

    private async Task DisconnectAsync(string edgeId, string networkId, CancellationToken cancellationToken)
    {
        try
        {
            await engine.ChangeAsync(
                $"Disconnecting edge {edgeId} from network {networkId}",
                (d, t) => d.Networks.DisconnectNetworkAsync(networkId, new NetworkDisconnectParameters { Container = edgeId, Force = true }, t),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (ContainerEngine.IsNotFound(fault))
        {
            // The network is gone, and the attachment with it.
        }
    }
}
