using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak events</c>: what happened.</summary>
internal static class EventsCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV/NAME", "Cluster, or any resource above or below one", context, "cluster");
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on with what comes" };
        var command = new Command("events", "Print what happened to a resource and everything below it, oldest first") { name, watch };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(watch), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, bool watch, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var request = new EventsRequest { Key = ResourceKeys.Parse(name), Watch = watch };
        var painter = new Painter(context.Out, context.Color && context.IsTerminal);
        if (watch)
        {
            await foreach (var e in Resuming.EventsAsync(connection.Client, request, context.Time, cancellationToken))
            {
                Print(painter, e);
                await context.Out.FlushAsync(cancellationToken);
            }

            return ExitCode.Done;
        }

        using var call = connection.Client.Events(request, cancellationToken: cancellationToken);
        await foreach (var e in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            Print(painter, e);
        }

        return ExitCode.Done;
    }

    private static void Print(Painter painter, Event e)
    {
        var time = (e.Time?.ToDateTimeOffset() ?? default).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        painter.Line(
        [
            new TextPart(time + "  ", Tone.Quiet),
            new TextPart(e.Warning ? "Warning  " : "Normal   ", e.Warning ? Tone.Bad : Tone.Plain),
            new TextPart($"{PlainText.Of(ResourceKeys.Shown(e.Key)),-28}  {PlainText.Of(e.Reason),-20}  {PlainText.Of(e.Message)}".TrimEnd()),
        ]);
    }
}
