using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Lists what one installation has among an account's volumes.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="installation">The installation.</param>
internal sealed class MemoryWatch(MemoryVolumes volumes, string installation) : IObjectWatch
{
    public IReadOnlySet<string> ListedKinds => volumes.ListedKinds;

    public IAsyncEnumerable<OwnerMarks> WatchAsync(CancellationToken cancellationToken) => volumes.WatchAsync(cancellationToken);

    public async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
        [.. (await volumes.ListOwnedAsync(cancellationToken)).Where(o => volumes.IsListedFor(o, installation))];
}
