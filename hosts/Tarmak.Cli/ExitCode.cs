namespace Tarmak.Cli;

/// <summary>What a command answers its caller; part of the contract with scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done; of <c>plan</c>: there is nothing to do.</summary>
    public const int Done = 0;

    /// <summary>Failed, and one sentence on the error stream says why.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, or an invalid manifest.</summary>
    public const int Usage = 2;

    /// <summary>Not there within the time given; the work goes on.</summary>
    public const int TimedOut = 3;

    /// <summary>Of <c>plan</c>: there is something to do.</summary>
    public const int Changes = 10;

    /// <summary>Ended by Ctrl-C; the work goes on.</summary>
    public const int Interrupted = 130;
}
