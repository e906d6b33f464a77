namespace Tarmak.Cli;

/// <summary>Ends a command with one clear sentence (or several lines, one per problem) and an exit code.</summary>
internal sealed class CliException : Exception
{
    /// <summary>Ends a command.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="exitCode">The exit code.</param>
    public CliException(string message, int exitCode = Cli.ExitCode.Failed)
        : base(message) => ExitCode = exitCode;

    /// <summary>Ends a command because of another failure.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="cause">The failure.</param>
    public CliException(string message, Exception cause)
        : base(message, cause) => ExitCode = Cli.ExitCode.Failed;

    /// <summary>The exit code.</summary>
    public int ExitCode { get; }

    /// <summary>Whether the lines speak for themselves, as problems of a manifest do that begin with a file's name.</summary>
    public bool Bare { get; init; }
}
