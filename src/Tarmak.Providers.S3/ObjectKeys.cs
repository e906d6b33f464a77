using System.Text;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.S3;

/// <summary>
/// How keys are stored. S3 takes any key, but what lies on the way does not: segments of dots and empty ones are folded away
/// in addresses, and lists are XML. Such are written with percent signs, and so is what begins as Tarmak's own do.
/// </summary>
internal static class ObjectKeys
{
    /// <summary>What is Tarmak's own in a bucket begins so.</summary>
    public const string Own = ".tarmak/";

    // S3's bound, in bytes of UTF-8.
    private const int LongestKey = 1024;

    /// <summary>The stored form of a key.</summary>
    /// <exception cref="ProviderException">It is empty, no text, or too long.</exception>
    public static string Stored(string key)
    {
        var stored = Escape(key);
        return key.Length > 0 && !HasLoneSurrogate(key) && Encoding.UTF8.GetByteCount(stored) <= LongestKey
            ? stored
            : throw new ProviderException(ErrorClass.InvalidSpec, $"The key \"{key}\" is empty, no text, or longer than the {LongestKey} bytes that S3 stores.");
    }

    /// <summary>The key of a stored form.</summary>
    public static string Of(string stored) => Uri.UnescapeDataString(stored);

    /// <summary>A stored prefix under which all keys with a prefix are, and perhaps others.</summary>
    public static string StoredPrefix(string prefix)
    {
        // How a segment is stored may depend on how it ends, which a prefix does not say.
        var begun = prefix[(prefix.LastIndexOf('/') + 1)..];
        var isOpen = IsDots(begun) || (begun.Length == prefix.Length && Own.StartsWith(begun, StringComparison.Ordinal));
        return Escape(isOpen ? prefix[..^begun.Length] : prefix);
    }

    private static string Escape(string key)
    {
        StringBuilder stored = new();
        var segments = key.Split('/');
        foreach (var (index, segment) in segments.Index())
        {
            if (index > 0)
            {
                stored.Append(segments[index - 1].Length == 0 ? "%2F" : "/");
            }

            var isOwn = index == 0 && segments.Length > 1 && segment.Length + 1 == Own.Length && Own.StartsWith(segment, StringComparison.Ordinal);
            foreach (var (place, letter) in segment.Index())
            {
                stored.Append((letter, place) switch
                {
                    ('.', 0) when isOwn => "%2E",
                    ('.', _) when IsDots(segment) => "%2E",
                    ('%' or '\uFFFE' or '\uFFFF', _) => Uri.EscapeDataString(letter.ToString()),
                    _ when char.IsControl(letter) => Uri.EscapeDataString(letter.ToString()),
                    _ => letter.ToString(),
                });
            }
        }

        return stored.ToString();
    }

    private static bool IsDots(string segment) => segment is "." or "..";

    private static bool HasLoneSurrogate(string key) => key.Any(char.IsSurrogate) && key.EnumerateRunes().Contains(Rune.ReplacementChar);
}
