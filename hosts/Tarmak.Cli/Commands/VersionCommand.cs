using System.CommandLine;
using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak version</c>: who this is, and who answers.</summary>
internal static class VersionCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var client = new Option<bool>("--client") { Description = "Do not ask the engine" };
        var command = new Command("version", "Print the versions of this command line and of the engine") { client };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(client), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, bool clientOnly, CancellationToken cancellationToken)
    {
        await context.Out.WriteLineAsync($"tarmak {CliVersion.Text}");
        if (clientOnly)
        {
            return ExitCode.Done;
        }

        using var connection = context.Connect();
        try
        {
            var answer = await connection.Client.VersionAsync(new VersionRequest(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellationToken);
            await context.Out.WriteLineAsync($"engine {PlainText.Of(answer.Version)} (installation {PlainText.Of(answer.Installation)})");
        }
        catch (RpcException failure) when (RpcFailure.IsLostConnection(failure))
        {
            await context.Out.WriteLineAsync("engine not running");
        }

        return ExitCode.Done;
    }
}
