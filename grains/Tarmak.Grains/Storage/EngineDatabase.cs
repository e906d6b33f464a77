using Microsoft.Data.Sqlite;

namespace Tarmak.Grains.Storage;

/// <summary>
/// The embedded engine's one database file, <c>engine.db</c> in its home: machine states, inventory, events, agents, and
/// Orleans' own tables. One writer commits in groups; readers never wait for it (write-ahead log). Every commit is
/// flushed to disk before it is acknowledged.
/// </summary>
public sealed class EngineDatabase : IAsyncDisposable, IDisposable
{
    private const int CopyAttempts = 10;

    private readonly EngineDatabaseOptions _options;
    private readonly FileStream _lock;
    private readonly ReaderPool _readers;
    private readonly GroupCommitWriter _writer;

    private EngineDatabase(string path, FileStream heldLock, EngineDatabaseOptions options)
    {
        Path = path;
        _lock = heldLock;
        _options = options;
        _readers = new ReaderPool(() => Connect("PRAGMA query_only = ON;"), path);
        _writer = new GroupCommitWriter(() => Connect(PageLimit), path, options, Feed);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    internal CommitFeed Feed { get; } = new();

    internal string ConnectionString => ConnectionStringOf(Path, _options, pooling: true);

    internal TimeSpan LockTimeout => _options.LockTimeout;

    /// <summary>What keeps a connection that writes to the page limit, if there is one.</summary>
    internal string PageLimit => _options.PageLimit is { } pages ? $"PRAGMA max_page_count = {pages};" : "";

    /// <summary>
    /// Opens the database of a home, creating both where they are missing (readable by their owner alone), and brings its
    /// schema up to date. A home is open in one engine at a time.
    /// </summary>
    /// <param name="home">The engine's home folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    /// <returns>The database.</returns>
    /// <exception cref="StorageException">It cannot be used; the message says why and what helps.</exception>
    public static EngineDatabase Open(string home, TimeProvider time, EngineDatabaseOptions? options = null)
    {
        options ??= new EngineDatabaseOptions();
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(home), "engine.db");
        FileStream? heldLock = null;
        try
        {
            CreatePrivately(path);
            heldLock = Lock(path);
            using (var connection = Connect(path, options, "PRAGMA journal_mode = WAL;"))
            {
                EngineSchema.Migrate(connection, path, time.GetUtcNow());
            }

            return new EngineDatabase(path, heldLock, options);
        }
        catch (Exception error)
        {
            heldLock?.Dispose();
            if (Explain(error, path) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>
    /// Copies what a home's database holds at this moment into another home, without changing the first: no lock is taken
    /// and nothing is migrated, also while an engine writes. A home without a database makes an empty one.
    /// </summary>
    /// <param name="home">The home to read.</param>
    /// <param name="copy">An empty folder.</param>
    /// <exception cref="StorageException">It cannot be read; the message says why and what helps.</exception>
    public static void Copy(string home, string copy)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(home), "engine.db");
        if (!File.Exists(path))
        {
            return;
        }

        // SQLite would leave its -wal and -shm files behind even where it only reads, so the files are copied as they are.
        try
        {
            for (var attempt = 0; attempt < CopyAttempts; attempt++)
            {
                var before = Stamp(path);
                foreach (var name in (string[])["engine.db", "engine.db-wal"])
                {
                    var (from, to) = (System.IO.Path.Combine(home, name), System.IO.Path.Combine(copy, name));
                    File.Delete(to);
                    if (File.Exists(from))
                    {
                        File.Copy(from, to);
                    }
                }

                if (Stamp(path) == before)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (Explain(error, path) is { } explained)
        {
            throw explained;
        }

        throw new StorageException(StorageFault.Other, $"{path} is being written all the time and could not be copied; try again.", null);
    }

    private static (long, DateTime, long, DateTime) Stamp(string path)
    {
        var (database, log) = (new FileInfo(path), new FileInfo(path + "-wal"));
        return (database.Length, database.LastWriteTimeUtc, log.Exists ? log.Length : -1, log.LastWriteTimeUtc);
    }

    /// <summary>Ends watches, executes the writes that are queued, and closes the file.</summary>
    /// <returns>A task.</returns>
    public async ValueTask DisposeAsync()
    {
        Feed.Close();
        await _writer.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
        using (var pooled = new SqliteConnection(ConnectionString))
        {
            // Connections Orleans opened through the driver's pool would keep the file open.
            SqliteConnection.ClearPool(pooled);
        }

        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Has a write executed by the writer and waits until it is on disk.</summary>
    internal Task<T> WriteAsync<T>(Func<WriteSession, T> apply, CancellationToken cancellationToken) =>
        _writer.WriteAsync(apply, cancellationToken);

    /// <summary>Reads from one snapshot, off the caller's thread: SQLite reads are synchronous.</summary>
    internal Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => _readers.Read(read), cancellationToken);

    private static StorageException? Explain(Exception error, string path) => error switch
    {
        SqliteException sqlite => StorageException.From(sqlite, path),
        UnauthorizedAccessException => StorageException.NoAccess(path, error),
        IOException => new StorageException(StorageFault.Other, $"{path} cannot be opened: {error.Message}", error),
        _ => null,
    };

    private SqliteConnection Connect(string pragmas) => Connect(Path, _options, pragmas);

    private static SqliteConnection Connect(string path, EngineDatabaseOptions options, string pragmas)
    {
        var connection = new SqliteConnection(ConnectionStringOf(path, options, pooling: false));
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"PRAGMA busy_timeout = {(long)options.LockTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; {pragmas}";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string ConnectionStringOf(string path, EngineDatabaseOptions options, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWrite,
        ForeignKeys = true,
        Pooling = pooling,
        DefaultTimeout = Math.Max(1, (int)options.LockTimeout.TotalSeconds),
    }.ToString();

    private static void CreatePrivately(string path)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var home = System.IO.Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(home);
            File.Open(path, FileMode.OpenOrCreate).Dispose();
            return;
        }

        Directory.CreateDirectory(home, Owner | UnixFileMode.UserExecute);
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = Owner,
        }).Dispose();

        // SQLite gives its log and its shared memory the mode of the file itself.
        File.SetUnixFileMode(path, Owner);
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StorageException(
                StorageFault.Locked, $"{path} is in use by another engine: stop that engine or choose another home.", error);
        }
    }
}
