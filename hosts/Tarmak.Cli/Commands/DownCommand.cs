using System.CommandLine;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak down</c>: ends the embedded engine.</summary>
internal static class DownCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var command = new Command("down", "Stop the embedded engine; clusters go on serving");
        command.SetAction(async (_, cancellationToken) =>
        {
            var stopped = await context.Engine.StopAsync(cancellationToken);
            await context.Out.WriteLineAsync(stopped
                ? "The engine has ended; clusters go on serving. `tarmak up` starts it again and goes on."
                : "No engine runs.");
            return ExitCode.Done;
        });
        return command;
    }
}
