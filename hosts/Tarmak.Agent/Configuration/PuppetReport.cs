using System.Text.Json;

namespace Tarmak.Agent.Configuration;

/// <summary>What Puppet's report processor wrote of a run.</summary>
internal sealed record PuppetReport
{
    /// <summary>The form this agent knows.</summary>
    public const int KnownFormat = 1;

    /// <summary>Version of the form.</summary>
    public int Format { get; init; }

    /// <summary><c>unchanged</c>, <c>changed</c> or <c>failed</c>.</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>The catalogue's resources.</summary>
    public IReadOnlyList<PuppetResource> Resources { get; init; } = [];

    /// <summary>Warnings and worse.</summary>
    public IReadOnlyList<PuppetLogLine> Logs { get; init; } = [];

    /// <summary>Reads a report.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The report; null where the run left none that can be read.</returns>
    public static PuppetReport? Read(string path)
    {
        try
        {
            PuppetReport? report = JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.PuppetReport);
            return report?.Format == KnownFormat ? report : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // A run without a catalogue leaves none: the caller reports what Puppet said instead.
            return null;
        }
    }
}

/// <summary>One resource of a run.</summary>
internal sealed record PuppetResource
{
    /// <summary>Type, for example <c>Service</c>.</summary>
    public string Type { get; init; } = string.Empty;

    /// <summary>Title.</summary>
    public string Title { get; init; } = string.Empty;

    /// <summary><c>unchanged</c>, <c>changed</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>What happened.</summary>
    public string? Message { get; init; }
}

/// <summary>A warning or worse.</summary>
internal sealed record PuppetLogLine
{
    /// <summary>Level.</summary>
    public string Level { get; init; } = string.Empty;

    /// <summary>Where it came from.</summary>
    public string? Source { get; init; }

    /// <summary>The text.</summary>
    public string Message { get; init; } = string.Empty;
}
