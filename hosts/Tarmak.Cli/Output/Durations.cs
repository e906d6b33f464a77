using System.Globalization;

namespace Tarmak.Cli.Output;

/// <summary>Durations as people write them.</summary>
internal static class Durations
{
    /// <summary>The longest that is read.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>At most two units: <c>45s</c>, <c>3m12s</c>, <c>2h5m</c>, <c>3d4h</c>.</summary>
    /// <param name="duration">The duration; a negative one counts as none.</param>
    public static string Short(TimeSpan duration)
    {
        var seconds = (long)Math.Max(0, duration.TotalSeconds);
        return seconds switch
        {
            < 60 => Unit(seconds, "s"),
            < 3600 => Unit(seconds / 60, "m") + Rest(seconds % 60, "s"),
            < 86400 => Unit(seconds / 3600, "h") + Rest(seconds % 3600 / 60, "m"),
            _ => Unit(seconds / 86400, "d") + Rest(seconds % 86400 / 3600, "h"),
        };
    }

    /// <summary>With a tenth of a second: <c>12.3s</c>.</summary>
    /// <param name="duration">The duration.</param>
    public static string Exact(TimeSpan duration) =>
        Math.Max(0, duration.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture) + "s";

    /// <summary>Reads <c>90s</c>, <c>15m</c>, <c>1h30m</c> or <c>2d</c>, above nothing and up to <see cref="Longest"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration.</param>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var number = 0L;
        var digits = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character) && digits < 7)
            {
                number = (number * 10) + (character - '0');
                digits++;
                continue;
            }

            var unit = character switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
            if (unit == 0 || digits == 0)
            {
                return false;
            }

            var part = number * unit;
            if (part > Longest.TotalSeconds || (duration += TimeSpan.FromSeconds(part)) > Longest)
            {
                return false;
            }

            (number, digits) = (0, 0);
        }

        return digits == 0 && duration > TimeSpan.Zero;
    }

    private static string Unit(long number, string unit) => number.ToString(CultureInfo.InvariantCulture) + unit;

    private static string Rest(long number, string unit) => number == 0 ? "" : Unit(number, unit);
}
