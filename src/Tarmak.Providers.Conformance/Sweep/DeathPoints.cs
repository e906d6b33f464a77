namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>
/// The points of a machine's life at which its process can die: before and after every commit and every call. Asking after a
/// step in progress again with the same handle is no other point than asking the first time.
/// </summary>
/// <param name="isHere">Whether it dies at a point, by its number and name; it dies once.</param>
internal sealed class DeathPoints(Func<int, string, bool> isHere)
{
    private readonly List<string> passed = [];
    private readonly HashSet<string> polls = new(StringComparer.Ordinal);
    private bool died;

    /// <summary>It lives.</summary>
    public static DeathPoints None => new(static (_, _) => false);

    /// <summary>The points passed, in plain words.</summary>
    public IReadOnlyList<string> Passed => passed;

    /// <summary>A point is reached.</summary>
    /// <param name="where">Where that is.</param>
    /// <param name="poll">The handle that is asked after with; null where it is another step.</param>
    public void Pass(string where, string? poll = null)
    {
        if (died || (poll is not null && !polls.Add($"{where} {poll}")))
        {
            return;
        }

        passed.Add(where);
        if (isHere(passed.Count - 1, where))
        {
            died = true;
            throw new KitDeathException();
        }
    }
}
