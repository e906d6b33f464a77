using System.CommandLine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak explain</c>: what a resource is waiting for, and why.</summary>
internal static class ExplainCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV/NAME", "Cluster, or any resource above or below one", context, "cluster");
        var command = new Command("explain", "Say what a resource is waiting for, and why") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, CancellationToken cancellationToken)
    {
        var key = ResourceKeys.Parse(name);
        using var connection = context.Connect();
        var answer = await connection.Client.ExplainAsync(new ExplainRequest { Key = key }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        if (answer.Explanations.Count == 0)
        {
            await context.Out.WriteLineAsync($"{ResourceKeys.Shown(key)} waits for nothing.");
            return ExitCode.Done;
        }

        var now = context.Time.GetUtcNow();
        var painter = new Painter(context.Out, context.Color && context.IsTerminal);
        foreach (var explanation in answer.Explanations)
        {
            painter.Line(
            [
                new TextPart($"{PlainText.Of(explanation.Kind)} {ResourceKeys.Shown(explanation.Key)} "),
                new TextPart(explanation.Phase, Tones.Of(explanation.Phase)),
                new TextPart(explanation.Since is null ? "" : $" for {Ages.Of(explanation.Since, now)}", Tone.Quiet),
                new TextPart($": {PlainText.Of(explanation.Sentence)}"),
            ]);
        }

        return ExitCode.Done;
    }
}
