using System.Text;

namespace Tarmak.Cli.Output;

/// <summary>Text from elsewhere made safe for a terminal: a message must not move the cursor or colour what follows.</summary>
internal static class PlainText
{
    /// <summary>The text on one line, control characters replaced by spaces.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            plain.Append(char.IsControl(character) ? ' ' : character);
        }

        return plain.ToString().Trim();
    }

    /// <summary>The text cut to a width, with an ellipsis where something is missing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Characters there is room for.</param>
    public static string Cut(string text, int width) =>
        text.Length <= width ? text : width <= 1 ? "" : string.Concat(text.AsSpan(0, width - 1), "…");
}
