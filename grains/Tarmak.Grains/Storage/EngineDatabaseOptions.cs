namespace Tarmak.Grains.Storage;

/// <summary>Settings of the engine's database.</summary>
public sealed record EngineDatabaseOptions
{
    /// <summary>
    /// Events kept per installation; the oldest go first. A tenth more may stand until the next trimming, and the
    /// events of one commit stay or go together.
    /// </summary>
    public int EventLimit { get; init; } = 100_000;

    /// <summary>Writes that may share one transaction.</summary>
    public int WritesPerTransaction { get; init; } = 512;

    /// <summary>Writes that may wait for the writer; beyond it, callers wait to enqueue theirs.</summary>
    public int QueueLimit { get; init; } = 8_192;

    /// <summary>How long a locked file is waited for.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages the file may grow to; null: as far as the disk goes. Lets tests fill the disk.</summary>
    internal int? PageLimit { get; init; }
}
