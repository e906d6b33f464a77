namespace Tarmak.Cli.Output;

/// <summary>What a piece of text means; the terminal decides how that looks.</summary>
internal enum Tone
{
    /// <summary>Ordinary.</summary>
    Plain,

    /// <summary>Well.</summary>
    Good,

    /// <summary>Going on.</summary>
    Busy,

    /// <summary>Amiss.</summary>
    Bad,

    /// <summary>Of less interest.</summary>
    Quiet,
}
