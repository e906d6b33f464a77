namespace Tarmak.Providers.Plugins;

/// <summary>What a plugin is given of time and room. Nobody's plugin is trusted with more.</summary>
internal sealed record PluginLimits
{
    /// <summary>Time from the start of a process to the end of its handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Deadline of a call that is no step; steps have that of their kind.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Deadline of a question after its health.</summary>
    public TimeSpan Health { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two questions after its health.</summary>
    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time to end by itself once its standard input is closed.</summary>
    public TimeSpan Leaving { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A process that lived this long is started again at once, however often it ended before.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First wait before another start; it doubles.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before another start.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Starts that fail in a row before its owner is told to act.</summary>
    public int StartsBeforeTerminal { get; init; } = 3;

    /// <summary>Largest message either way.</summary>
    public int MessageBytes { get; init; } = 16 << 20;

    /// <summary>Most entries of a list, over all its pages.</summary>
    public int Listed { get; init; } = 100_000;

    /// <summary>Most pages of a list.</summary>
    public int Pages { get; init; } = 10_000;

    /// <summary>Most lines of its output that are logged in a second.</summary>
    public int LinesPerSecond { get; init; } = 20;

    /// <summary>Most bytes of its output that are read in a second; then it waits.</summary>
    public int OutputBytesPerSecond { get; init; } = 1 << 20;
}
