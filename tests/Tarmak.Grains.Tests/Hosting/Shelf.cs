using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Hosting;

/// <summary>A cloud in memory that has volumes only, and outlives the providers opened on it.</summary>
internal sealed class Shelf : IProviderFactory
{
    private int watches;

    public static RequirementSheet ShelfSheet { get; } = new()
    {
        Type = "shelf",
        Summary = "Volumes in memory.",
        Capabilities = [new VolumesSheet { Classes = ["ssd"] }],
    };

    public string Type => "shelf";

    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => ShelfSheet;

    /// <summary>Owners' marks by object id.</summary>
    public ConcurrentDictionary<string, OwnerMarks> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Kinds that are listed.</summary>
    public HashSet<string> ListedKinds { get; } = new([ResourceKinds.Volume], StringComparer.Ordinal);

    /// <summary>Every provider ever opened, oldest first.</summary>
    public ConcurrentQueue<ShelfProvider> Opened { get; } = [];

    /// <summary>How many objects a page of a list holds.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>What the sheet says of the account's limits.</summary>
    public ImmutableArray<ApiLimit> ApiLimits { get; set; } = [];

    /// <summary>Called when an object is to be ensured; what it gives is the outcome. Null: the object is made.</summary>
    public Func<ResourceCall, StepOutcome?> Ensuring { get; set; } = static _ => null;

    /// <summary>Called before a provider is made.</summary>
    public Action<ProviderSettings> Opening { get; set; } = static _ => { };

    /// <summary>Called before the objects of a provider are listed; what it throws is what listing throws.</summary>
    public Action<string> Listing { get; set; } = static _ => { };

    /// <summary>Called with the number of the watch, from 1, when one begins; what it throws is how it ends.</summary>
    public Action<int> Watching { get; set; } = static _ => { };

    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        Opening(settings);
        var made = new ShelfProvider(this, settings.Name);
        Opened.Enqueue(made);
        return made;
    }

    /// <summary>Names of the providers whose files were removed.</summary>
    public ConcurrentQueue<string> FilesRemoved { get; } = [];

    public Task RemoveFilesAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        FilesRemoved.Enqueue(settings.Name);
        return Task.CompletedTask;
    }

    public int NextWatch() => Interlocked.Increment(ref watches);
}

internal sealed class ShelfProvider(Shelf shelf, string name) : IProvider, IVolumes, IResourceDriver<VolumeSpec>, IObjectWatch
{
    public bool Disposed { get; private set; }

    public RequirementSheet Sheet => Shelf.ShelfSheet with { ApiLimits = shelf.ApiLimits };

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

    public IResourceDriver<VolumeSpec> Volumes => this;

    public IObjectWatch Watch => this;

    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Volume,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = static (_, _) => ChangeEffect.None,
    };

    public IReadOnlySet<string> ListedKinds => shelf.ListedKinds;

    IVolumes IProvider.Volumes => this;

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(shelf.Objects.ContainsKey(Id(call)) ? Seen(call) : Observation.Absent));

    public Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        if (shelf.Ensuring(call) is { } otherwise)
        {
            return Task.FromResult(otherwise);
        }

        shelf.Objects[Id(call)] = call.Marks;
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Seen(call)));
    }

    public Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
    {
        shelf.Objects.TryRemove(call.ObjectId!, out _);
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent));
    }

    public async IAsyncEnumerable<OwnerMarks> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        shelf.Watching(shelf.NextWatch());
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken)
    {
        shelf.Listing(name);
        return Task.FromResult<IReadOnlyList<OwnedObject>>([.. shelf.Objects.Select(o => new OwnedObject(o.Value, ResourceKinds.Volume, o.Key, Running: true))]);
    }

    public async Task<OwnedPage> ListPageAsync(string? after, CancellationToken cancellationToken)
    {
        var rest = (await ListOwnedAsync(cancellationToken)).OrderBy(o => o.ObjectId, StringComparer.Ordinal).Where(o => string.CompareOrdinal(o.ObjectId, after) > 0).ToList();
        return new OwnedPage([.. rest.Take(shelf.PageSize)], rest.Count > shelf.PageSize ? rest[shelf.PageSize - 1].ObjectId : null);
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    private static string Id(ResourceCall call) => $"{call.Name}-{call.Incarnation}";

    private static Observation Seen(ResourceCall call) => Observation.Present(Id(call), ResourceJson.Write(new VolumeOutputs(Id(call))));
}
