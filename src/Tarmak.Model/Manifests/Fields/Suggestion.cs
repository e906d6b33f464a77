namespace Tarmak.Model.Manifests.Fields;

/// <summary>Finds what was probably meant.</summary>
internal static class Suggestion
{
    private const int LongestName = 40;

    /// <summary>The known name nearest to the one written, or null where none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestName)
        {
            return null;
        }

        var best = known
            .Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
            .DefaultIfEmpty()
            .MinBy(candidate => candidate.Distance);
        return best.Name is not null && best.Distance <= Math.Max(1, Math.Max(written.Length, best.Name.Length) / 3) ? best.Name : null;
    }

    /// <summary>Fewest insertions, deletions, replacements and swaps of neighbours that make one of the other.</summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
