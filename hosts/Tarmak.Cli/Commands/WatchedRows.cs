using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary>Rows of a table that goes on: widths are those of the widest seen so far.</summary>
internal sealed class WatchedRows
{
    private readonly string _kind;
    private readonly string _format;
    private readonly bool _wide;
    private readonly List<int> _widths;
    private bool _begun;

    /// <summary>Begins an empty table.</summary>
    /// <param name="kind">Kind of the resources.</param>
    /// <param name="format">Format asked for.</param>
    public WatchedRows(string kind, string format)
    {
        _kind = kind;
        _format = format;
        _wide = format == "wide";

        // Room for names and phases to come, since lines once printed stay.
        _widths = [.. ResourceTable.Header(kind, _wide).Select(h => h switch { "NAME" => 20, "PHASE" => 12, _ => Math.Max(5, h.Length) })];
    }

    /// <summary>What to print for one change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="now">Now.</param>
    public IEnumerable<string> Lines(WatchResponse change, DateTimeOffset now)
    {
        var resource = change.Resource;
        if (change.Deleted)
        {
            resource = resource.Clone();
            resource.Phase = Phases.Deleted;
        }

        switch (_format)
        {
            case "json":
                // One document a line, so that a program can read as it goes.
                return [ResourceDocument.Of(_kind, resource).ToJsonString()];
            case "yaml":
                return ["---", Documents.Yaml(ResourceDocument.Of(_kind, resource)).TrimEnd('\n')];
            case "name":
                return [ResourceKeys.Shown(resource.Key)];
            default:
                return Table(ResourceTable.Row(_kind, resource, _wide, now));
        }
    }

    private IEnumerable<string> Table(IReadOnlyList<string> row)
    {
        for (var i = 0; i < row.Count; i++)
        {
            _widths[i] = Math.Max(_widths[i], row[i].Length);
        }

        if (!_begun)
        {
            _begun = true;
            yield return TextTable.Line(ResourceTable.Header(_kind, _wide), _widths);
        }

        yield return TextTable.Line(row, _widths);
    }
}
