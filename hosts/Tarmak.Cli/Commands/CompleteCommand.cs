using System.CommandLine;
using Tarmak.Cli.Completion;

namespace Tarmak.Cli.Commands;

/// <summary>What the completion scripts ask: the words typed so far, the last one unfinished.</summary>
internal static class CompleteCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "__complete";

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Name, "Answer completion scripts") { words };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            foreach (var candidate in Candidates.Of(CommandLine.Build(context), parsed.GetValue(words) ?? []))
            {
                await context.Out.WriteLineAsync(candidate);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
