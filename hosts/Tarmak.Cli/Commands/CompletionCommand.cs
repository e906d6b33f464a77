using System.CommandLine;
using Tarmak.Cli.Completion;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak completion</c>: a script that completes commands, options and names.</summary>
internal static class CompletionCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var shell = new Argument<string>("shell") { HelpName = "bash|zsh|fish", Description = "The shell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that completes commands, options and names") { shell };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await context.Out.WriteAsync(CompletionScripts.Of(parsed.GetValue(shell)!).AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
