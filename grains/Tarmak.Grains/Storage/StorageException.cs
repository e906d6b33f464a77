using Microsoft.Data.Sqlite;

namespace Tarmak.Grains.Storage;

/// <summary>The engine's database failed. The message is one sentence for the operator: what is wrong and what helps.</summary>
[GenerateSerializer]
[Alias("tarmak.storage-exception")]
public sealed class StorageException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">One sentence for the operator.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public StorageException(StorageFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>Why.</summary>
    [Id(0)]
    public StorageFault Fault { get; }

    internal static StorageException Closed(string path) =>
        new(StorageFault.Closed, $"The engine's database {path} is closed, because the engine is stopping.");

    internal static StorageException NoAccess(string path, Exception cause) =>
        new(StorageFault.NoAccess, $"{path} cannot be opened for writing: check the rights to it and to its folder.", cause);

    /// <summary>Tells an error of SQLite in plain words.</summary>
    internal static StorageException From(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => new(
            StorageFault.DiskFull, $"The disk that holds {path} is full: free some space, nothing of this change was kept.", error),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new(
            StorageFault.Locked, $"Another program keeps {path} locked: end it and try again.", error),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => new(
            StorageFault.Damaged, $"{path} is damaged or no database: put a backup in its place.", error),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_AUTH => NoAccess(path, error),
        _ => new(StorageFault.Other, $"{path} failed: {error.Message}", error),
    };

    /// <summary>The failure of the database behind an exception, which Orleans and others may have wrapped.</summary>
    /// <param name="exception">What was caught.</param>
    /// <returns>The failure; null where the database is not to blame.</returns>
    public static StorageException? Behind(Exception? exception)
    {
        while (exception is not (null or StorageException))
        {
            exception = exception.InnerException;
        }

        return exception as StorageException;
    }

    /// <summary>Whether an error concerns the whole transaction, and not just the statement that met it.</summary>
    internal static bool IsFatal(SqliteException error) => error.SqliteErrorCode is not
        (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_RANGE
        or SQLitePCL.raw.SQLITE_ERROR);
}
