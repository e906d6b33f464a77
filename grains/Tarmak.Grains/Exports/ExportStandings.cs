using System.Collections.Concurrent;

namespace Tarmak.Grains.Exports;

/// <summary>How far each environment's export is, for those who ask.</summary>
public sealed class ExportStandings
{
    private readonly ConcurrentDictionary<string, ExportStanding> standings = new(StringComparer.Ordinal);

    /// <summary>How far an environment's export is.</summary>
    /// <param name="environment">Name of the environment.</param>
    /// <returns>It; null where nothing was exported by this process yet.</returns>
    public ExportStanding? Find(string environment) => standings.GetValueOrDefault(environment);

    internal void Set(string environment, ExportStanding? standing)
    {
        if (standing is null)
        {
            standings.TryRemove(environment, out _);
        }
        else
        {
            standings[environment] = standing;
        }
    }

    /// <summary>An export failed.</summary>
    /// <returns>Whether that is news.</returns>
    internal bool Fail(string environment, DateTimeOffset since, string reason)
    {
        var before = Find(environment);
        standings[environment] = new ExportStanding(before?.At, before?.BehindSince ?? since, reason);
        return before?.Failure != reason;
    }
}

/// <summary>How far an export is.</summary>
/// <param name="At">When it was last written; null: not by this process.</param>
/// <param name="BehindSince">Since when something changed that it does not show; null: it shows everything.</param>
/// <param name="Failure">Why it could not be written, in a sentence; null: it could.</param>
public sealed record ExportStanding(DateTimeOffset? At, DateTimeOffset? BehindSince, string? Failure);
