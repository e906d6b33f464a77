using Tarmak.Machines;

namespace Tarmak.Grains.Storage;

/// <summary>One watcher's place in the feed.</summary>
/// <param name="feed">The feed.</param>
/// <param name="key">Key of the only machine watched; null: several.</param>
/// <param name="concerns">Whether a machine's change concerns it.</param>
internal sealed class CommitWatch(CommitFeed feed, string? key, Func<MachineAddress, bool> concerns) : IDisposable
{
    private TaskCompletionSource _next = NewSource();

    public string? Key => key;

    /// <summary>Completes with the next commit that concerns it. Take it before reading: then no commit falls between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public bool Concerns(MachineAddress changed) => concerns(changed);

    /// <summary>Wakes the watcher; once the feed is closed it sleeps no more.</summary>
    public void Wake() => (feed.Closed ? Volatile.Read(ref _next) : Interlocked.Exchange(ref _next, NewSource())).TrySetResult();

    public void Dispose() => feed.End(this);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
