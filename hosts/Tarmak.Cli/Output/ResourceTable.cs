using System.Globalization;

namespace Tarmak.Cli.Output;

/// <summary>Resources as a table.</summary>
internal static class ResourceTable
{
    /// <summary>Titles of the columns.</summary>
    /// <param name="kind">Kind of the resources.</param>
    /// <param name="wide">Whether everything is wanted.</param>
    public static IReadOnlyList<string> Header(string kind, bool wide) =>
        [.. Columns(kind, wide).Select(c => c.Title)];

    /// <summary>Cells of one resource.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="wide">Whether everything is wanted.</param>
    /// <param name="now">Now.</param>
    public static IReadOnlyList<string> Row(string kind, Resource resource, bool wide, DateTimeOffset now) =>
        [.. Columns(kind, wide).Select(c => PlainText.Of(c.Cell(resource, now)))];

    private static IEnumerable<(string Title, Func<Resource, DateTimeOffset, string> Cell)> Columns(string kind, bool wide)
    {
        yield return ("NAME", static (r, _) => ResourceKeys.Shown(r.Key));
        if (kind is "pool" or "instance")
        {
            yield return ("ROLE", static (r, _) => r.Role);
        }

        if (kind == "capability")
        {
            yield return ("KIND", static (r, _) => r.ResourceKind);
        }

        if (kind != "provider")
        {
            yield return ("PHASE", static (r, _) => r.Phase);
        }

        if (kind is "environment" or "cluster" or "pool")
        {
            yield return ("READY", static (r, _) => string.Create(CultureInfo.InvariantCulture, $"{r.Ready}/{r.Total}"));
        }

        if (kind == "instance")
        {
            yield return ("ADDRESS", static (r, _) => r.Address);
        }

        yield return ("AGE", static (r, now) => Ages.Of(r.Created, now));
        if (wide)
        {
            if (kind is "cluster" or "capability")
            {
                yield return ("ENDPOINT", static (r, _) => r.Endpoint);
            }

            if (kind is "capability" or "environment")
            {
                yield return ("PROVIDER", static (r, _) => r.Provider);
            }

            if (kind == "capability")
            {
                yield return ("OBJECT", static (r, _) => r.ObjectId);
            }

            yield return ("GENERATION", static (r, _) => string.Create(CultureInfo.InvariantCulture, $"{r.ObservedGeneration}/{r.Generation}"));
            yield return ("UID", static (r, _) => r.Uid);
        }

        yield return ("MESSAGE", static (r, _) => r.Message);
    }
}
