using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes that are right with one object, and wrong with several or in the long run.</summary>
internal static class WrongInSequence
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("gives the id of one that is there", new CountsForIds()),
        Of("lists two of three", new ListsTwo()),
        Of("deletes the neighbours too", new DeletesNeighbours()),
        Of("makes no third life", new NoThirdLife()),
    ];

    private static WrongDriver Of(string what, MemoryVolumes volumes) => new(what, "volumes/volume-any-sequence-ends-as-it-must", MemoryCloud.Of(volumes: volumes).Open);

    private sealed class CountsForIds : MemoryVolumes
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Own(call) is null)
                {
                    Objects[call.Name] = new Made(string.Create(CultureInfo.InvariantCulture, $"volume-{Objects.Count}"), call.Marks, call.Incarnation);
                }
            }

            return base.EnsureAsync(call, spec, cancellationToken);
        }
    }

    private sealed class ListsTwo : MemoryVolumes
    {
        public override async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
            [.. (await base.ListOwnedAsync(cancellationToken)).Take(2)];
    }

    private sealed class DeletesNeighbours : MemoryVolumes
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Own(call) is { } mine && mine.Id == call.ObjectId)
                {
                    foreach (var name in Objects.Keys.Where(n => n.StartsWith(call.Name[..^1], StringComparison.Ordinal)).ToList())
                    {
                        Objects.Remove(name);
                    }
                }

                return Ended(Observation.Absent);
            }
        }
    }

    private sealed class NoThirdLife : MemoryVolumes
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => call.Incarnation < 3
            ? base.EnsureAsync(call, spec, cancellationToken)
            : Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.Conflict, $"Somebody else's volume is named {call.Name}; rename one."));
    }
}
