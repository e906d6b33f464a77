using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak logs</c>: the journals of a cluster's instances.</summary>
internal static class LogsCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static System.CommandLine.Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV/NAME[/POOL-N]", "A cluster, or one instance", context, "cluster", "instance");
        var since = Arguments.Duration("--since", "Only what is younger, such as 90s or 2h; left out, 1h");
        var command = new System.CommandLine.Command("logs", "Print the system journals of a cluster's instances") { name, since };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(since), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, TimeSpan? since, CancellationToken cancellationToken)
    {
        var key = ResourceKeys.Parse(name);
        var request = new LogsRequest { Key = ResourceKeys.Shown(key) };
        if (since is { } age)
        {
            request.Since = Timestamp.FromDateTimeOffset(context.Time.GetUtcNow() - age);
        }

        var one = key.Split('/').Length == Kinds.Depth("instance");
        using var connection = context.Connect();
        using var call = connection.Client.Logs(request, cancellationToken: cancellationToken);
        await foreach (var line in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            // Tabs are text here; anything else that steers a terminal is not.
            var text = string.Join('\t', line.Line.TrimEnd('\r', '\n').Split('\t').Select(Output.PlainText.Of));
            await context.Out.WriteLineAsync(one ? text : $"{Output.PlainText.Of(line.Instance)} | {text}");
        }

        return ExitCode.Done;
    }
}
