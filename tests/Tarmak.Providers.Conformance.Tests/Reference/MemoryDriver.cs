using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A driver as it should be, of objects with ids of their own under unique names. A wrong one differs in one method.</summary>
internal abstract class MemoryDriver<TSpec>(string kind) : IResourceDriver<TSpec>
    where TSpec : class
{
    public virtual ResourceTraits Traits { get; } = new()
    {
        Kind = kind,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    protected Lock Gate { get; } = new();

    /// <summary>The objects by name.</summary>
    protected Dictionary<string, Made> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>What the objects are to be, by name.</summary>
    protected Dictionary<string, TSpec> Wanted { get; } = new(StringComparer.Ordinal);

    /// <summary>The objects that are there: id and specification.</summary>
    public IReadOnlyList<(string Id, TSpec Spec)> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Objects.Where(o => Wanted.ContainsKey(o.Key)).Select(o => (o.Value.Id, Wanted[o.Key]))];
            }
        }
    }

    public bool Has(string id)
    {
        lock (Gate)
        {
            return Objects.Values.Any(o => o.Id == id);
        }
    }

    public virtual Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            return Ended(Own(call) is { } mine ? Seen(mine) : Observation.Absent);
        }
    }

    public virtual async Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (Gate)
        {
            if (Own(call) is { } mine)
            {
                return new StepOutcome.Succeeded(Seen(mine));
            }

            if (Objects.ContainsKey(call.Name))
            {
                return new StepOutcome.Failed(ErrorClass.Conflict, $"Somebody else's {kind} is named {call.Name}; rename one.");
            }

            Wanted[call.Name] = spec;
            return new StepOutcome.Succeeded(Seen(Make(call)));
        }
    }

    public virtual Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (Own(call) is { } mine && mine.Id == call.ObjectId)
            {
                Objects.Remove(call.Name);
            }

            return Ended(Observation.Absent);
        }
    }

    public virtual Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            return Task.FromResult<IReadOnlyList<OwnedObject>>([.. Objects.Values.Select(o => new OwnedObject(o.Marks, kind, o.Id, true))]);
        }
    }

    protected static Task<StepOutcome> Ended(Observation seen) => Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(seen));

    protected abstract string Outputs(string id);

    protected Observation Seen(Made one) => Observation.Present(one.Id, Outputs(one.Id));

    protected virtual Made? Own(ResourceCall call) =>
        Objects.TryGetValue(call.Name, out var one) && one.Marks.Uid == call.Marks.Uid && one.Incarnation == call.Incarnation ? one : null;

    protected Made Make(ResourceCall call, string? name = null) => Objects[name ?? call.Name] = new Made($"{kind}-{Guid.NewGuid():N}", call.Marks, call.Incarnation);

    protected sealed record Made(string Id, OwnerMarks Marks, int Incarnation);
}

/// <summary>Buckets as they should be.</summary>
internal sealed class MemoryBuckets() : MemoryDriver<BucketSpec>(ResourceKinds.Bucket)
{
    protected override string Outputs(string id) => ResourceJson.Write(new BucketOutputs(id));
}

/// <summary>Volumes as they should be.</summary>
internal class MemoryVolumes() : MemoryDriver<VolumeSpec>(ResourceKinds.Volume), IObjectWatch
{
    public IReadOnlySet<string> ListedKinds { get; } = new HashSet<string>([ResourceKinds.Volume], StringComparer.Ordinal);

    public async IAsyncEnumerable<OwnerMarks> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    /// <summary>Whether an installation's list has an object.</summary>
    public virtual bool IsListedFor(OwnedObject one, string installation) => one.Marks.Installation == installation;

    protected override string Outputs(string id) => ResourceJson.Write(new VolumeOutputs(id));
}
