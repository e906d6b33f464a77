using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Exports;

/// <summary>Object storage in memory that counts what it is called for, and has something happen at one of the calls.</summary>
internal sealed class Buckets : IProvider, IObjectStorage
{
    private readonly Dictionary<string, StoredObject> objects = new(StringComparer.Ordinal);
    private long version;

    public RequirementSheet Sheet { get; } = new() { Type = "buckets", Summary = "Objects in memory.", Capabilities = [] };

    public IObjectStorage ObjectStorage => this;

    public ISecretStore? SecretStore { get; init; }

    IResourceDriver<BucketSpec> IObjectStorage.Buckets => throw new NotSupportedException();

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool Silent { get; set; }

    /// <summary>What happens before (true) and after a call, by the call's number.</summary>
    public Action<int, bool>? At { get; set; }

    /// <summary>Keys of the objects, each as bucket and key.</summary>
    public IEnumerable<string> Keys => objects.Keys.Order(StringComparer.Ordinal);

    public StoredObject? this[string key]
    {
        get => objects.GetValueOrDefault(key);
        set => objects[key] = value!;
    }

    public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) => Call(() => objects.GetValueOrDefault($"{bucketId}/{key}"));

    public Task<string?> PutAsync(string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) => Call(() =>
    {
        var name = $"{bucketId}/{key}";
        if (condition is not null && objects.GetValueOrDefault(name)?.ETag != condition.IfMatch)
        {
            return null;
        }

        objects[name] = new StoredObject(content.ToArray(), (++version).ToString(CultureInfo.InvariantCulture));
        return objects[name].ETag;
    });

    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) => Call(() => objects.Remove($"{bucketId}/{key}"));

    public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) => Call<IReadOnlyList<string>>(() =>
        [.. Keys.Where(k => k.StartsWith($"{bucketId}/{prefix}", StringComparison.Ordinal)).Select(k => k[(bucketId.Length + 1)..])]);

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Call<T>(Func<T> call)
    {
        var number = Calls++;
        if (Silent)
        {
            throw new ProviderException(ErrorClass.Transient, "The buckets do not answer.");
        }

        At?.Invoke(number, true);
        var result = call();
        At?.Invoke(number, false);
        return Task.FromResult(result);
    }
}
