using System.Runtime.CompilerServices;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>Lists what a plugin's objects are. The protocol has no events: drift is noticed by the lists.</summary>
internal sealed class PluginWatch(PluginAccount account, IReadOnlySet<string> kinds) : IObjectWatch
{
    private const string Method = "Plugin.ListOwned";
    private readonly PluginCalls calls = account.Calls;

    /// <inheritdoc/>
    public IReadOnlySet<string> ListedKinds => kinds;

    /// <inheritdoc/>
    public async IAsyncEnumerable<OwnerMarks> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        yield break;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken) =>
        await new PagedList(calls, Method, account.Message.Provider).ReadAsync<OwnedObject>(async token =>
        {
            var request = new V1.ListOwnedRequest { Account = account.Message, PageToken = token };
            var answer = await calls.SendAgainableAsync(Method, account.Message.Provider, (i, o) => new V1.Plugin.PluginClient(i).ListOwnedAsync(request, o), cancellationToken).ConfigureAwait(false);
            return answer.Refusal is { } refusal
                ? throw Refusals.Of(calls, refusal, Method, account.Message.Provider)
                : ([.. answer.Objects.Select(Read)], answer.NextPageToken);
        }).ConfigureAwait(false);

    private OwnedObject Read(V1.ListOwnedResponse.Types.Owned owned) =>
        owned.Marks is { } marks && marks.Installation == account.Message.Installation && kinds.Contains(owned.Kind)
            && Untrusted.IsName(owned.ObjectId) && Untrusted.IsName(marks.Environment) && Untrusted.IsName(marks.Uid) && Untrusted.IsName(marks.Owner)
            && (marks.Cluster.Length == 0 || Untrusted.IsName(marks.Cluster))
            ? new OwnedObject(
                new OwnerMarks(marks.Installation, marks.Environment, marks.Cluster.Length == 0 ? null : marks.Cluster, marks.Uid, marks.Owner), owned.Kind, owned.ObjectId, owned.Running)
            : throw calls.Garbage(Method, account.Message.Provider, "an object without an id or marks, of another installation, or of a kind that its sheet does not list");
}
