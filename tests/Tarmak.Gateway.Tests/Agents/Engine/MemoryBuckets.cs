using System.Collections.Concurrent;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>Buckets in memory, by their names.</summary>
internal sealed class MemoryBuckets : IResourceDriver<BucketSpec>
{
    private readonly ConcurrentDictionary<string, bool> made = new(StringComparer.Ordinal);

    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Bucket,
        EnsureResolution = UnknownResolution.UniqueName,
        HoldsData = true,
        Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    public Task<StepOutcome> ObserveAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) =>
        Seen(made.ContainsKey(call.Name) ? Present(call) : Observation.Absent);

    public Task<StepOutcome> EnsureAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken)
    {
        made[call.Name] = true;
        return Seen(Present(call));
    }

    public Task<StepOutcome> DeleteAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken)
    {
        made.TryRemove(call.Name, out _);
        return Seen(Observation.Absent);
    }

    private static Observation Present(ResourceCall call) => Observation.Present(call.Name, ResourceJson.Write(new BucketOutputs(call.Name)));

    private static Task<StepOutcome> Seen(Observation observation) => Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(observation));
}
