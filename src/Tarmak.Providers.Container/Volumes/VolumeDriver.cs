using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Volumes;

/// <summary>Named volumes. Size and class are the host's disk, so a change of them changes nothing.</summary>
internal sealed class VolumeDriver(ContainerEngine engine) : ContainerDriver<VolumeSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Volume,
        EnsureResolution = UnknownResolution.UniqueName,
        HoldsData = true,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        var volume = await engine.FindVolumeAsync(call.Name, cancellationToken).ConfigureAwait(false);
        return volume is not null && IsThis(volume, call) ? Seen(Present(call)) : Gone();
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        if (await engine.FindVolumeAsync(call.Name, cancellationToken).ConfigureAwait(false) is { } found)
        {
            var own = Labels.IsOwn(found.Labels, call.Marks);
            if (own)
            {
                Labels.RefuseLate(Labels.IncarnationOf(found.Labels), call, "volume");
            }

            return IsThis(found, call)
                ? Seen(Present(call))
                : Refused(ErrorClass.Conflict, own
                    ? $"The volume {call.Name} of an earlier incarnation is still there; it may hold data, remove it by hand if it is not needed."
                    : Labels.Foreign("volume", call.Name));
        }

        await engine.ChangeAsync(
            $"Creating volume {call.Name}",
            (d, t) => d.Volumes.CreateAsync(new VolumesCreateParameters { Name = call.Name, Labels = Labels.Of(call, ResourceKinds.Volume) }, t),
            cancellationToken).ConfigureAwait(false);
        return Seen(Present(call));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        var volume = await engine.FindVolumeAsync(call.ObjectId ?? call.Name, cancellationToken).ConfigureAwait(false);
        if (volume is null || !IsThis(volume, call))
        {
            return Gone();
        }

        await RemoveAsync(engine, volume.Name, cancellationToken).ConfigureAwait(false);
        return Gone();
    }

    /// <summary>Removes a volume; absent is success, one in use waits for its container.</summary>
    internal static async Task RemoveAsync(ContainerEngine engine, string name, CancellationToken cancellationToken)
    {
        try
        {
            await engine.ChangeAsync($"Removing volume {name}", (d, t) => d.Volumes.RemoveAsync(name, force: false, t), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (ContainerEngine.IsNotFound(fault))
        {
            // Somebody else removed it first: that is what was wanted.
        }
        catch (EngineFaultException fault) when (fault.Outcome is StepOutcome.Failed { Error: ErrorClass.Conflict } busy)
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, busy.Message);
        }
    }

    private static bool IsThis(VolumeResponse volume, ResourceCall call) =>
        Labels.IsOwn(volume.Labels, call.Marks) && Labels.IncarnationOf(volume.Labels) == call.Incarnation;

    private static Observation Present(ResourceCall call) => Observation.Present(call.Name, ResourceJson.Write(new VolumeOutputs(call.Name)));
}
