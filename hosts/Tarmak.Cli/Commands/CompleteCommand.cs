using System.CommandLine;

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
            foreach (var candidate in Candidates(context, parsed.GetValue(words) ?? []))
            {
                await context.Out.WriteLineAsync(candidate);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Candidates(CliContext context, string[] words)
    {
        var typed = words.Length == 0 ? "" : words[^1];
        return CommandLine.Build(context).Parse(words).GetCompletions()
            .Select(c => c.InsertText ?? c.Label)
            .Where(c => c.StartsWith(typed, StringComparison.Ordinal) && c is not ("-?" or "/?" or "/h" or "-h"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }
}
