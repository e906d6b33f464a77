using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated;

/// <summary>Lists of what the installation owns, and the account's events.</summary>
/// <param name="cloud">The cloud.</param>
/// <param name="calls">The way there.</param>
/// <param name="profile">What sort it is.</param>
/// <param name="installation">The installation.</param>
internal sealed class SimulatedWatch(ICloud cloud, StoreCalls calls, CloudProfile profile, string installation) : IObjectWatch
{
    /// <inheritdoc/>
    public IReadOnlySet<string> ListedKinds { get; } = SimulatedKinds.All.Where(k => !k.IsShared).Select(k => k.Name).ToImmutableHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async IAsyncEnumerable<OwnerMarks> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var marks in cloud.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (marks.Installation == installation)
            {
                yield return marks;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken)
    {
        List<OwnedObject> owned = [];
        var companions = profile.Marks == ObjectMark.Companion ? await CompanionsAsync(cancellationToken).ConfigureAwait(false) : null;
        string? next = null;
        do
        {
            var page = await PageAsync(next, companions, cancellationToken).ConfigureAwait(false);
            owned.AddRange(page.Objects);
            next = page.Next;
        }
        while (next is not null);
        return owned;
    }

    /// <inheritdoc/>
    public async Task<OwnedPage> ListPageAsync(string? after, CancellationToken cancellationToken) =>
        await PageAsync(after, profile.Marks == ObjectMark.Companion ? await CompanionsAsync(cancellationToken).ConfigureAwait(false) : null, cancellationToken).ConfigureAwait(false);

    private async Task<OwnedPage> PageAsync(string? after, Dictionary<string, OwnerMarks>? companions, CancellationToken cancellationToken)
    {
        var request = new CloudRequest(CloudMethod.List, "")
        {
            After = after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture),
            Installation = companions is null ? installation : null,
        };
        var page = await calls.AskAsync(request, cancellationToken).ConfigureAwait(false);
        List<OwnedObject> owned = [];
        foreach (var one in page.Objects)
        {
            if ((companions is null ? one.Marks : companions.GetValueOrDefault(Companion.KeyOf(one.Kind, one.Name))) is { } marks)
            {
                owned.Add(new OwnedObject(marks, one.Kind, one.Id, one.State is CloudObjectState.Ready or CloudObjectState.Making));
            }
        }

        return new OwnedPage(owned, page.Next?.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<Dictionary<string, OwnerMarks>> CompanionsAsync(CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(new CloudRequest(CloudMethod.ListRecords, CloudRequest.Companions) { Name = "" }, cancellationToken).ConfigureAwait(false);
        return reply.Records.Select(r => (r.Key, Companion.Of(r).Marks)).Where(c => c.Marks.Installation == installation)
            .ToDictionary(c => c.Key, c => c.Marks, StringComparer.Ordinal);
    }
}
