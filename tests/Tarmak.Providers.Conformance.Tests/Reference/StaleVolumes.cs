using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Volumes of a cloud whose looks and lists see the past.</summary>
/// <param name="declared">The bound its driver declares.</param>
internal class StaleVolumes(TimeSpan declared) : MemoryVolumes
{
    private readonly List<(long At, Dictionary<string, Made> Objects)> past = [(long.MinValue, new(StringComparer.Ordinal))];
    private int looks;

    public override ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Volume,
        EnsureResolution = UnknownResolution.UniqueName,
        VisibilityBound = declared,
        Compare = static (_, _) => ChangeEffect.None,
    };

    public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
        Ended(Shown(looks++, ofList: false).TryGetValue(call.Name, out var one) && one.Marks.Uid == call.Marks.Uid && one.Incarnation == call.Incarnation ? Seen(one) : Observation.Absent);

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
        Kept(await base.EnsureAsync(call, spec, cancellationToken));

    public override async Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
        Kept(await base.DeleteAsync(call, spec, cancellationToken));

    public override Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OwnedObject>>(
        [.. Shown(looks++, ofList: true).Values.Select(o => new OwnedObject(o.Marks, ResourceKinds.Volume, o.Id, true))]);

    /// <summary>How far behind a look is.</summary>
    protected virtual TimeSpan Behind(int look, bool ofList) => declared / 2;

    protected StepOutcome Kept(StepOutcome outcome)
    {
        lock (Gate)
        {
            past.Add((TimeProvider.System.GetTimestamp(), new(Objects, StringComparer.Ordinal)));
        }

        return outcome;
    }

    private Dictionary<string, Made> Shown(int look, bool ofList)
    {
        var view = TimeProvider.System.GetTimestamp() - (long)(Behind(look, ofList).TotalSeconds * TimeProvider.System.TimestampFrequency);
        lock (Gate)
        {
            return past.Last(p => p.At <= view).Objects;
        }
    }
}
