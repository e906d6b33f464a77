using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes that mistake whose an object is, or tell of it what does not hold.</summary>
internal static class WrongOwnership
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("lists without the owner", "orphan-is-listed-with-its-marks", new ListsWithoutOwner()),
        Of("lists a part twice", "orphan-is-listed-with-its-marks", new ListsTwice()),
        Of("takes all environments for one", "of-two-environments-are-apart", new ListsAsOneEnvironment()),
        Of("deletes the other environment's", "of-two-environments-are-apart", new DeletesOfEveryEnvironment()),
        Of("lists another installation's", "of-two-installations-are-apart", new ListsEverybodys()),
        Of("deletes another installation's by its id", "of-two-installations-are-apart", new DeletesById()),
        Of("is another after a look", "looked-at-by-an-empty-engine-is-as-it-was", new LooksReplace()),
        Of("makes what it is asked to look at", "looked-at-by-an-empty-engine-is-as-it-was", new LooksMake()),
        Of("has other outputs after each ensure", "what-a-look-tells-holds-after-ensure", new ChangesOutputs()),
        Of("means a replacement by no change", "what-a-look-tells-holds-after-ensure", new AlwaysReplaces()),
        Of("says in place and makes another", "change-is-what-the-driver-says", new UpdatesToAnother()),
        Of("says nothing to do and sees a difference", "change-is-what-the-driver-says", new SeesWhatItDenies()),
    ];

    private static WrongDriver Of(string what, string caught, MemoryVolumes volumes)
    {
        var cloud = MemoryCloud.Of(volumes: volumes);
        return new WrongDriver(what, $"volumes/volume-{caught}", cloud.Open) { OpenAs = cloud.OpenAs };
    }

    private static ResourceTraits TraitsOf(Func<string, string, ChangeEffect> compare) =>
        new() { Kind = ResourceKinds.Volume, EnsureResolution = UnknownResolution.UniqueName, Compare = compare };

    private sealed class ListsWithoutOwner : MemoryVolumes
    {
        public override async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
            [.. (await base.ListOwnedAsync(cancellationToken)).Select(o => o with { Marks = o.Marks with { Owner = "" } })];
    }

    private sealed class ListsTwice : MemoryVolumes
    {
        public override async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
            await base.ListOwnedAsync(cancellationToken) is var all ? [.. all, .. all.Take(1)] : [];
    }

    private sealed class ListsAsOneEnvironment : MemoryVolumes
    {
        public override async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
            [.. (await base.ListOwnedAsync(cancellationToken)).Select(o => o with { Marks = o.Marks with { Environment = "conformance" } })];
    }

    private sealed class DeletesOfEveryEnvironment : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                foreach (var (name, _) in Objects.Where(o => o.Value.Marks.Environment != call.Marks.Environment).ToList())
                {
                    Objects.Remove(name);
                }
            }

            return base.DeleteAsync(call, spec, cancellationToken);
        }
    }

    private sealed class ListsEverybodys : MemoryVolumes
    {
        public override bool IsListedFor(OwnedObject one, string installation) => true;
    }

    private sealed class DeletesById : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                foreach (var (name, _) in Objects.Where(o => o.Value.Id == call.ObjectId).ToList())
                {
                    Objects.Remove(name);
                }

                return Ended(Observation.Absent);
            }
        }
    }

    private sealed class LooksReplace : MemoryVolumes
    {
        public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Ended(Own(call) is null ? Observation.Absent : Seen(Make(call)));
            }
        }
    }

    private sealed class LooksMake : MemoryVolumes
    {
        public override async Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.ObjectId is not null)
            {
                lock (Gate)
                {
                    Make(call, $"{call.Name}-{Objects.Count}");
                }
            }

            return await base.ObserveAsync(call, spec, cancellationToken);
        }
    }

    private sealed class ChangesOutputs : MemoryVolumes
    {
        private string outputs = "";

        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            outputs = Outputs(Guid.NewGuid().ToString());
            return With(await base.EnsureAsync(call, spec, cancellationToken));
        }

        public override async Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            With(await base.ObserveAsync(call, spec, cancellationToken));

        private StepOutcome With(StepOutcome outcome) => outcome is StepOutcome.Succeeded { Observation: { Exists: true } seen } ? new StepOutcome.Succeeded(seen with { Outputs = outputs }) : outcome;
    }

    private sealed class AlwaysReplaces : MemoryVolumes
    {
        public override ResourceTraits Traits { get; } = TraitsOf(static (_, _) => ChangeEffect.Replace);
    }

    private sealed class UpdatesToAnother : MemoryVolumes
    {
        private string? made;

        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Own(call) is not null && made != ResourceJson.Write(spec))
                {
                    Objects.Remove(call.Name);
                }

                made = ResourceJson.Write(spec);
            }

            return base.EnsureAsync(call, spec, cancellationToken);
        }
    }

    private sealed class SeesWhatItDenies : MemoryVolumes
    {
        private string? made;

        public override ResourceTraits Traits { get; } = TraitsOf(static (_, _) => ChangeEffect.None);

        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            made = ResourceJson.Write(spec);
            return base.EnsureAsync(call, spec, cancellationToken);
        }

        public override async Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            await base.ObserveAsync(call, spec, cancellationToken) is StepOutcome.Succeeded { Observation: { Exists: true } there } && made != ResourceJson.Write(spec)
                ? new StepOutcome.Succeeded(Observation.Drifted(there.ObjectId!, there.Outputs!, "It has another size."))
                : await base.ObserveAsync(call, spec, cancellationToken);
    }
}
