using System.Text;

namespace Tarmak.Providers.Plugins.Calls;

/// <summary>Text that a plugin wrote, as it may be shown.</summary>
internal static class Untrusted
{
    private const int LongestSentence = 500;

    /// <summary>Longest id, handle, ETag or name.</summary>
    public const int LongestName = 1024;

    /// <summary>One line of bounded length, without control characters.</summary>
    public static string Sentence(string text, int longest = LongestSentence)
    {
        var shown = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(IsPlain(rune) ? rune.ToString() : " ");
        }

        return shown.ToString().Trim();
    }

    /// <summary>Whether it can be an id, a handle, an ETag or a name: not empty, not long, nothing that a terminal would obey.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= LongestName && text.EnumerateRunes().All(IsPlain);

    // Format characters turn text around or hide parts of it.
    private static bool IsPlain(Rune rune) =>
        !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
