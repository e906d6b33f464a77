using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Tarmak.Grains.Storage;

/// <summary>Open connections for reading; as many as read at the same time.</summary>
internal sealed class ReaderPool(Func<SqliteConnection> open, string path) : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads inside one transaction, that is, from one snapshot.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        if (_closed)
        {
            throw StorageException.Closed(path);
        }

        SqliteConnection? connection = null;
        try
        {
            connection = _idle.TryTake(out var idle) ? idle : open();
            T result;
            using (connection.BeginTransaction(deferred: true))
            {
                result = read(connection);
            }

            _idle.Add(connection);
            connection = null;
            return result;
        }
        catch (SqliteException error)
        {
            throw StorageException.From(error, path);
        }
        finally
        {
            // A connection that failed is not used again.
            connection?.Dispose();
            if (_closed)
            {
                Drain();
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        Drain();
    }

    private void Drain()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
