using System.Net;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using NetworkSpec = Tarmak.Model.Resources.NetworkSpec;

namespace Tarmak.Providers.Container.Networks;

/// <summary>Bridge networks. The inner ones are closed to everything outside them.</summary>
internal sealed class NetworkDriver(ContainerEngine engine, AddressRanges ranges) : ContainerDriver<NetworkSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Network,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken)
    {
        var network = await engine.FindNetworkAsync(call.Name, cancellationToken).ConfigureAwait(false);
        return network is not null && IsThis(network, call) ? Seen(Present(network)) : Gone();
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken)
    {
        if (await engine.FindNetworkAsync(call.Name, cancellationToken).ConfigureAwait(false) is { } found)
        {
            if (!Labels.IsOwn(found.Labels, call.Marks))
            {
                return Refused(ErrorClass.Conflict, Labels.Foreign("network", call.Name));
            }

            if (Labels.IncarnationOf(found.Labels) == call.Incarnation)
            {
                return Seen(Present(found));
            }

            Labels.RefuseLate(Labels.IncarnationOf(found.Labels), call, "network");

            // Left over from an earlier incarnation: known to be unused, else its deletion would not have ended.
            await RemoveAsync(found.ID, cancellationToken).ConfigureAwait(false);
        }

        var taken = await ranges.TakenAsync(cancellationToken).ConfigureAwait(false);
        IPNetwork range;
        if (spec.Cidr is { } cidr)
        {
            range = IPNetwork.Parse(cidr);
            if (taken.FirstOrDefault(t => AddressRanges.Overlap(t.Range, range)) is { } holder)
            {
                return Refused(ErrorClass.Conflict, Taken(range, holder, taken));
            }
        }
        else if (AddressRanges.FreeOuter(taken) is { } free)
        {
            range = free;
        }
        else
        {
            return Refused(ErrorClass.ResourcesDepleted, $"No address range of 10.89.0.0/16 is free for network {call.Name}; remove networks that are not needed.");
        }

        try
        {
            await CreateAsync(call, spec, range, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (spec.Cidr is null && EngineErrors.IsRangeTaken(fault.Message))
        {
            // Nobody wanted this range of all: the next try looks again and chooses another.
            return Refused(ErrorClass.Transient, $"The address range {range} was taken by another network meanwhile; another one is chosen for network {call.Name}.");
        }

        var made = await engine.FindNetworkAsync(call.Name, cancellationToken).ConfigureAwait(false);
        return made is null ? new StepOutcome.Unknown($"Network {call.Name} was made and is not to be seen.") : Seen(Present(made));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken)
    {
        var network = await engine.FindNetworkAsync(call.ObjectId ?? call.Name, cancellationToken).ConfigureAwait(false);
        if (network is not null && IsThis(network, call))
        {
            await RemoveAsync(network.ID, cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }

    internal static string Taken(IPNetwork range, TakenRange holder, IReadOnlyList<TakenRange> taken) =>
        $"The address range {range} overlaps {holder.Range} of {holder.Holder}; "
        + (AddressRanges.FreeLike(range, taken) is { } free ? $"{free} is free." : "no range of this size is free.");

    private Task<NetworksCreateResponse> CreateAsync(ResourceCall call, NetworkSpec spec, IPNetwork range, CancellationToken cancellationToken) => engine.ChangeAsync(
        $"Creating network {call.Name}",
        (d, t) => d.Networks.CreateNetworkAsync(
            new NetworksCreateParameters
            {
                Name = call.Name,
                Driver = "bridge",
                CheckDuplicate = true,
                Internal = spec.Internal,
                Labels = Labels.Of(call, ResourceKinds.Network, ResourceJson.Write(spec)),
                IPAM = new IPAM { Driver = "default", Config = [new IPAMConfig { Subnet = range.ToString() }] },
            },
            t),
        cancellationToken);

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await engine.ChangeAsync($"Removing network {id}", (d, t) => d.Networks.DeleteNetworkAsync(id, t), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (ContainerEngine.IsNotFound(fault))
        {
            // Somebody else removed it first: that is what was wanted.
        }
        catch (EngineFaultException fault) when (fault.Outcome is StepOutcome.Failed { Error: ErrorClass.Conflict or ErrorClass.Unauthorized } busy)
        {
            // The last container may still be on its way out.
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, busy.Message);
        }
    }

    private static bool IsThis(NetworkResponse network, ResourceCall call) =>
        Labels.IsOwn(network.Labels, call.Marks) && Labels.IncarnationOf(network.Labels) == call.Incarnation;

    private static Observation Present(NetworkResponse network) => Observation.Present(
        network.ID, ResourceJson.Write(new NetworkOutputs(network.ID, AddressRanges.Subnets(network).Select(s => s.ToString()).FirstOrDefault() ?? string.Empty)));
}
