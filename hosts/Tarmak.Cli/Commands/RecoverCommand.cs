using System.CommandLine;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Manifests;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak recover</c>: an engine anew, from what another one exported before it was lost.</summary>
internal static class RecoverCommand
{
    private const int LongestKey = 4096;

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var environments = new Argument<string[]>("environment") { HelpName = "ENV", Description = "The environments to recover", Arity = ArgumentArity.OneOrMore };
        var files = Arguments.Files(required: true);
        var from = new Option<string>("--from") { Description = "The provider that holds the exports: the one that state was bound to", HelpName = "PROVIDER", Required = true };
        var keyFile = new Option<string>("--key-file") { Description = "File with the installation's recovery key; - reads standard input", HelpName = "FILE", Required = true };
        var bucket = new Option<string?>("--bucket") { Description = "The bucket of the exports, where it is not found by itself", HelpName = "BUCKET" };
        var timeout = Arguments.Timeout();
        foreach (var option in (Option[])[from, keyFile, bucket])
        {
            Arguments.RefuseEmpty(option);
        }

        var command = new Command("recover", "Rebuild a lost engine from its exports into this home, adopt everything it kept, and go on")
        {
            environments, files, from, keyFile, bucket, timeout,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetValue(environments)!, parsed.GetValue(files)!, parsed.GetValue(from)!, parsed.GetValue(keyFile)!, parsed.GetValue(bucket),
            parsed.GetValue(timeout), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliContext context, string[] environments, string[] names, string from, string keyFile, string? bucket, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (context.Engine.RunningPid() is { } pid)
        {
            throw new CliException($"An engine of this home runs (process {pid}); end it with `tarmak down`, or name another directory in TARMAK_HOME.");
        }

        var request = new RecoverRequest { From = from, Bucket = bucket ?? "", RecoveryKey = ReadKey(context, keyFile, names) };
        request.Files.AddRange(ManifestFiles.Read(names, context.In));
        request.Environments.AddRange(environments);
        var answer = await context.Engine.RecoverAsync(request, cancellationToken);
        foreach (var environment in answer.Environments)
        {
            await context.Out.WriteLineAsync(Sentence(environment, context.Time.GetUtcNow()));
        }

        return await UpCommand.RunAsync(context, [], [], timeout, cancellationToken);
    }

    private static string Sentence(RecoveredEnvironment environment, DateTimeOffset now)
    {
        var at = environment.ExportedAt.ToDateTimeOffset();
        var clusters = environment.Clusters.Count == 0 ? "no cluster" : string.Join(", ", environment.Clusters.Select(PlainText.Of));
        return FormattableString.Invariant(
            $"Environment {PlainText.Of(environment.Name)} is back as it was {Durations.Short(now - at)} ago ({at:yyyy-MM-dd HH:mm:ss} UTC): {clusters}; {environment.Objects} objects at {string.Join(", ", environment.Providers.Select(PlainText.Of))} are looked at now.");
    }

    private static string ReadKey(CliContext context, string keyFile, string[] names)
    {
        if (keyFile == "-")
        {
            return names.Contains("-")
                ? throw new CliException("Both --file and --key-file are to be read from standard input; name a file for one of them.", ExitCode.Usage)
                : context.In.ReadLine() ?? "";
        }

        using var file = new StreamReader(keyFile);
        var text = new char[LongestKey];
        return new string(text, 0, file.ReadBlock(text));
    }
}
