using Spectre.Console;

namespace Tarmak.Cli.Output;

/// <summary>How tones and phases look.</summary>
internal static class Tones
{
    private static readonly Style s_good = new(Color.Green);
    private static readonly Style s_busy = new(Color.Yellow);
    private static readonly Style s_bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_quiet = new(Color.Grey);

    /// <summary>The style of a tone.</summary>
    /// <param name="tone">The tone.</param>
    public static Style Style(this Tone tone) => tone switch
    {
        Tone.Good => s_good,
        Tone.Busy => s_busy,
        Tone.Bad => s_bad,
        Tone.Quiet => s_quiet,
        _ => Spectre.Console.Style.Plain,
    };

    /// <summary>The tone of a phase.</summary>
    /// <param name="phase">The phase.</param>
    public static Tone Of(string phase) => phase switch
    {
        Phases.Ready => Tone.Good,
        Phases.Blocked or Phases.Degraded => Tone.Bad,
        Phases.Pending or Phases.Paused or Phases.Deleted => Tone.Quiet,
        _ => Tone.Busy,
    };

    /// <summary>The mark of a phase; also readable without colours.</summary>
    /// <param name="phase">The phase.</param>
    public static string Mark(string phase) => phase switch
    {
        Phases.Ready => "✓",
        Phases.Blocked => "✗",
        Phases.Degraded => "!",
        Phases.Pending => "·",
        Phases.Paused => "‖",
        Phases.Deleting => "−",
        _ => "●",
    };
}
