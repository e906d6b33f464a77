using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>Buckets in memory.</summary>
internal sealed class Warehouse : Kept, IProvider, IObjectStorage, IResourceDriver<BucketSpec>
{
    private readonly Dictionary<string, Dictionary<string, StoredObject>> buckets = new(StringComparer.Ordinal);
    private int versions;

    public IObjectStorage ObjectStorage => this;

    public IResourceDriver<BucketSpec> Buckets => this;

    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Bucket,
        EnsureResolution = UnknownResolution.UniqueName,
        HoldsData = true,
        Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <summary>The one bucket that all are, and that is somebody else's; null: each is its own.</summary>
    public string? OnlyBucket { get; init; }

    /// <summary>What a written object turns into.</summary>
    public Func<string, string>? Spoil { get; set; }

    public IReadOnlyDictionary<string, string> Content => buckets.Values.SelectMany(b => b)
        .ToDictionary(o => o.Key, o => Encoding.UTF8.GetString(o.Value.Content.Span), StringComparer.Ordinal);

    public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) => Call(() => Of(bucketId).GetValueOrDefault(key));

    public Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) => Call(() =>
    {
        var bucket = Of(bucketId);
        if (condition is not null && bucket.GetValueOrDefault(key)?.ETag != condition.IfMatch)
        {
            return null;
        }

        var kept = Spoil is null ? content.ToArray() : Encoding.UTF8.GetBytes(Spoil(Encoding.UTF8.GetString(content.Span)));
        bucket[key] = new StoredObject(kept, $"v{++versions}");
        return bucket[key].ETag;
    });

    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) => Call(() => Of(bucketId).Remove(key));

    public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) => Call<IReadOnlyList<string>>(() =>
        [.. Of(bucketId).Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    public Task<StepOutcome> ObserveAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) =>
        Step(() => buckets.ContainsKey(IdOf(call)) ? Present(call) : Observation.Absent);

    public Task<StepOutcome> EnsureAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => Step(() =>
    {
        buckets.TryAdd(IdOf(call), new Dictionary<string, StoredObject>(StringComparer.Ordinal));
        return Present(call);
    });

    public Task<StepOutcome> DeleteAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => Step(() =>
    {
        if (OnlyBucket is null)
        {
            buckets.Remove(IdOf(call));
        }

        return Observation.Absent;
    });

    private Task<StepOutcome> Step(Func<Observation> step)
    {
        try
        {
            return Call<StepOutcome>(() => new StepOutcome.Succeeded(step()));
        }
        catch (ProviderException refused)
        {
            return Task.FromResult<StepOutcome>(new StepOutcome.Failed(refused.Error, refused.Message));
        }
    }

    private string IdOf(ResourceCall call) => OnlyBucket ?? call.Name;

    private Observation Present(ResourceCall call) => Observation.Present(IdOf(call), ResourceJson.Write(new BucketOutputs(IdOf(call))));

    private Dictionary<string, StoredObject> Of(string bucketId) =>
        buckets.GetValueOrDefault(bucketId) ?? throw new ProviderException(ErrorClass.NotFound, $"There is no bucket {bucketId}.");
}
