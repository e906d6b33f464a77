namespace Tarmak.Cli.Output;

/// <summary>Columns of text, as <c>kubectl</c> prints them: no borders, three spaces between, nothing after the last.</summary>
internal static class TextTable
{
    private const int Gap = 3;

    /// <summary>The lines, header first.</summary>
    /// <param name="header">Titles.</param>
    /// <param name="rows">Cells.</param>
    public static IEnumerable<string> Render(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((title, column) => rows.Select(r => r[column].Length).Append(title.Length).Max()).ToList();
        return rows.Prepend(header).Select(row => Line(row, widths));
    }

    /// <summary>One line.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="widths">Widths of the columns.</param>
    public static string Line(IReadOnlyList<string> cells, IReadOnlyList<int> widths) =>
        string.Concat(cells.Select((cell, column) => column == cells.Count - 1 ? cell : cell.PadRight(widths[column] + Gap))).TrimEnd();
}
