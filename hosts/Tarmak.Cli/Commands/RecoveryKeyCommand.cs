using System.CommandLine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak recovery-key</c>: the key to keep for the day the home is lost.</summary>
internal static class RecoveryKeyCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var file = new Option<string?>("--out", "-o") { Description = "File to write it to, for its owner alone; left out, it is printed", HelpName = "FILE" };
        Arguments.RefuseEmpty(file);
        var command = new Command("recovery-key", "Print the key that opens this installation's exports; keep it elsewhere than this home") { file };
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(file)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string? file)
    {
        if (!File.Exists(context.Home.RecoveryKey))
        {
            throw new CliException($"There is no recovery key in {context.Home.Directory} yet; the first `tarmak up` makes it.");
        }

        var text = await File.ReadAllTextAsync(context.Home.RecoveryKey);
        if (file is null)
        {
            await context.Out.WriteAsync(text);
            return ExitCode.Done;
        }

        if (File.Exists(file) && await File.ReadAllTextAsync(file) != text)
        {
            throw new CliException($"{file} holds something else, perhaps the key of exports of before; name another file.");
        }

        AtomicFile.Write(file, text);
        await context.Out.WriteLineAsync($"The recovery key is in {file}; keep it elsewhere than this machine. Whoever has it and an export can take the installation over.");
        return ExitCode.Done;
    }
}
