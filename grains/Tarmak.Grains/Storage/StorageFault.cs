namespace Tarmak.Grains.Storage;

/// <summary>Why the engine's database failed.</summary>
[GenerateSerializer]
[Alias("tarmak.storage-fault")]
public enum StorageFault
{
    /// <summary>Something not named here; the inner exception tells.</summary>
    Other,

    /// <summary>The disk has no room. Nothing of the write was kept; later writes may succeed.</summary>
    DiskFull,

    /// <summary>Another program holds the database.</summary>
    Locked,

    /// <summary>The file is damaged, or is no database.</summary>
    Damaged,

    /// <summary>The file was written by a newer engine.</summary>
    NewerSchema,

    /// <summary>The rights to the file or its folder are missing.</summary>
    NoAccess,

    /// <summary>The database was closed: the engine is stopping.</summary>
    Closed,
}
