namespace Tarmak.Grains.Storage;

/// <summary>Tells watchers that something was committed. What it was, they read from the database.</summary>
internal sealed class CommitFeed
{
    private TaskCompletionSource _next = NewSource();
    private volatile bool _closed;

    /// <summary>Whether nothing will come any more.</summary>
    public bool Closed => _closed;

    /// <summary>Completes with the next commit. Take it before reading: then no commit falls between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Publish() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    public void Close()
    {
        _closed = true;
        Publish();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
