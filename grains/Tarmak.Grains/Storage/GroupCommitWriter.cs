using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Tarmak.Machines;

namespace Tarmak.Grains.Storage;

/// <summary>
/// The one writer: a thread that owns the write connection and puts all writes waiting for it into one transaction, so
/// that they share one flush to disk.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private readonly Channel<PendingWrite> _queue;
    private readonly Func<SqliteConnection> _open;
    private readonly string _path;
    private readonly EngineDatabaseOptions _options;
    private readonly CommitFeed _feed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteSession? _session;

    public GroupCommitWriter(Func<SqliteConnection> open, string path, EngineDatabaseOptions options, CommitFeed feed)
    {
        _open = open;
        _path = path;
        _options = options;
        _feed = feed;
        _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(options.QueueLimit) { SingleReader = true });
        new Thread(Run) { IsBackground = true, Name = "Tarmak database writer" }.Start();
    }

    /// <summary>Has a write executed and waits until it is on disk.</summary>
    /// <exception cref="StorageException">The transaction failed; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteSession, T> apply, CancellationToken cancellationToken)
    {
        var write = new PendingWrite<T>(apply);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw StorageException.Closed(_path);
        }

        return await write.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<PendingWrite>(_options.WritesPerTransaction);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < _options.WritesPerTransaction && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
            batch.Clear();
        }

        _session?.Dispose();
        _ended.SetResult();
    }

    private void Commit(List<PendingWrite> batch)
    {
        IReadOnlyList<MachineAddress> changed;
        try
        {
            var session = _session ??= new WriteSession(_open());
            session.Begin();
            foreach (var write in batch)
            {
                session.Isolated(write);
            }

            EventTable.Trim(session, _options.EventLimit);
            changed = session.Changed;
            session.Commit();
        }
        catch (Exception error)
        {
            // The boundary of the writer's loop: the transaction's callers are told, the next transaction starts afresh.
            var reason = error is SqliteException sqlite
                ? StorageException.From(sqlite, _path)
                : error as StorageException ?? new StorageException(StorageFault.Other, $"{_path} failed: {error.Message}", error);
            _session?.Dispose();
            _session = null;
            batch.ForEach(write => write.Fail(reason));
            return;
        }

        if (changed.Count > 0)
        {
            _feed.Publish(changed);
        }

        batch.ForEach(write => write.Complete());
    }
}
