using Tarmak.Cli.Output;

namespace Tarmak.Cli.Engine;

/// <summary>What a program said last.</summary>
internal static class LastWords
{
    /// <summary>Its last sentence; null when it said nothing.</summary>
    /// <param name="text">What it printed.</param>
    public static string? Of(string text)
    {
        using var reader = new StringReader(text);
        return Of(reader);
    }

    /// <summary>Its last sentence; null when it said nothing.</summary>
    /// <param name="reader">What it printed.</param>
    public static string? Of(TextReader reader)
    {
        string? last = null;
        while (reader.ReadLine() is { } line)
        {
            // The frames of a trace say nothing to a user; what went wrong stands above them.
            last = string.IsNullOrWhiteSpace(line) || line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("   --- ", StringComparison.Ordinal) ? last : line;
        }

        return last is null ? null : PlainText.Of(last);
    }
}
