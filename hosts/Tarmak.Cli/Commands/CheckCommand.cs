using System.CommandLine;
using Tarmak.Cli.Manifests;

namespace Tarmak.Cli.Commands;

/// <summary>What the entry script asks before it installs anything: whether a command and its manifests are well written.</summary>
internal static class CheckCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("__check", "Answer the entry script") { words };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(words) ?? []));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string[] words)
    {
        var parsed = CommandLine.Build(context).Parse(words);
        if (parsed.Errors.Count > 0)
        {
            // Says what is wrong, and runs nothing.
            return await CommandLine.RunAsync(words, context);
        }

        // What comes from standard input can be read once only, by the command itself.
        var files = parsed.GetResult("--file") is null ? [] : parsed.GetValue<string[]>("--file") ?? [];
        if (files.Length > 0 && !files.Contains("-"))
        {
            LocalValidation.Check(ManifestFiles.Read(files, context.In));
        }

        return ExitCode.Done;
    }
}
