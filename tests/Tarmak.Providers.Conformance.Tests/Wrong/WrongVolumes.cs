using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes, each wrong in one way that any driver can be.</summary>
internal static class WrongVolumes
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("makes a second one on a retry", "made-twice-is-one", new MakesASecond()),
        Of("looks, and makes later", "made-at-once-is-one", new LooksThenMakes()),
        Of("does not list what it made", "made-twice-is-one", new ListsNothing()),
        Of("swallows an error", "made-is-observed-as-made", new SwallowsErrors()),
        Of("tells other outputs when it observes", "made-is-observed-as-made", new TellsOtherOutputs()),
        Of("sees what was never made", "absent-before-it-is-made", new SeesEverything()),
        Of("takes a namesake for its own", "foreign-namesake-is-left", new AdoptsNamesakes()),
        Of("throws where somebody else has the name", "foreign-namesake-is-left", new ThrowsOnConflict()),
        Of("deletes by name", "deleted-by-a-stranger-stays", new DeletesByName()),
        Of("deletes whatever incarnation there is", "late-delete-spares-the-next", new DeletesAnyIncarnation()),
        Of("leaks what it deletes", "deleted-twice-is-gone", new Leaks()),
        Of("fails to delete what is gone", "deleted-twice-is-gone", new FailsOnAbsent()),
        new("forgets what it made when it is started again", "volumes/volume-found-after-a-lost-reply", new MemoryCloud(() => null, () => null, () => new MemoryVolumes()).Open),
    ];

    private static WrongDriver Of(string what, string caught, MemoryVolumes volumes) => new(what, $"volumes/volume-{caught}", MemoryCloud.Of(volumes: volumes).Open);

    private sealed class MakesASecond : MemoryVolumes
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Ended(Seen(Make(call, Objects.ContainsKey(call.Name) ? $"{call.Name}-{Objects.Count}" : null)));
            }
        }
    }

    private sealed class LooksThenMakes : MemoryVolumes
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            var seen = await ObserveAsync(call, spec, cancellationToken);
            if (seen is StepOutcome.Succeeded { Observation.Exists: true })
            {
                return seen;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            lock (Gate)
            {
                return new StepOutcome.Succeeded(Seen(Make(call)));
            }
        }
    }

    private sealed class ListsNothing : MemoryVolumes
    {
        public override Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OwnedObject>>([]);
    }

    private sealed class SwallowsErrors : MemoryVolumes
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            Ended(Observation.Present(call.Name, Outputs(call.Name)));
    }

    private sealed class TellsOtherOutputs : MemoryVolumes
    {
        public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Ended(Own(call) is { } mine ? Observation.Present(mine.Id, Outputs(call.Name)) : Observation.Absent);
            }
        }
    }

    private sealed class SeesEverything : MemoryVolumes
    {
        public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            Ended(Observation.Present(call.Name, Outputs(call.Name)));
    }

    private sealed class AdoptsNamesakes : MemoryVolumes
    {
        protected override Made? Own(ResourceCall call) => Objects.GetValueOrDefault(call.Name);
    }

    private sealed class ThrowsOnConflict : MemoryVolumes
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            await base.EnsureAsync(call, spec, cancellationToken) is StepOutcome.Failed { Message: var message }
                ? throw new InvalidOperationException(message)
                : await ObserveAsync(call, spec, cancellationToken);
    }

    private sealed class DeletesByName : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                Objects.Remove(call.Name);
                return Ended(Observation.Absent);
            }
        }
    }

    private sealed class DeletesAnyIncarnation : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Objects.TryGetValue(call.Name, out var one) && one.Marks.Uid == call.Marks.Uid)
                {
                    Objects.Remove(call.Name);
                }

                return Ended(Observation.Absent);
            }
        }
    }

    private sealed class Leaks : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => Ended(Observation.Absent);
    }

    private sealed class FailsOnAbsent : MemoryVolumes
    {
        public override async Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            await ObserveAsync(call, spec, cancellationToken) is StepOutcome.Succeeded { Observation.Exists: true }
                ? await base.DeleteAsync(call, spec, cancellationToken)
                : new StepOutcome.Failed(ErrorClass.NotFound, $"There is no volume {call.Name}.");
    }
}
