using System.CommandLine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak describe</c>: one resource and everything below it.</summary>
internal static class DescribeCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var kind = new Argument<string>("kind") { HelpName = "KIND", Description = "environment, cluster, pool or instance" };
        kind.CompletionSources.Add("environment", "cluster", "pool", "instance");
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "Full name, such as dev/demo" };
        name.CompletionSources.Add(typed => Completion.ResourceNames.OfKind(context, typed, kind));
        var command = new Command("describe", "Print one resource as a tree: pools, instances, capabilities, phase, age and what matters") { kind, name };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(kind)!, parsed.GetValue(name)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string kindText, string name, CancellationToken cancellationToken)
    {
        var kind = Kinds.Singular(kindText) ?? throw new CliException($"'{kindText}' is no kind of resource; there are {string.Join(", ", Kinds.Plurals)}.", ExitCode.Usage);
        var key = ResourceKeys.Parse(name);
        using var connection = context.Connect();
        var answer = await connection.Client.ListAsync(new ListRequest { Under = key }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        var root = answer.Resources.FirstOrDefault(r => r.Key == key && Kinds.Singular(r.Kind) == kind)
            ?? throw new CliException($"There is no {kind} {ResourceKeys.Shown(key)}.");
        var painter = new Painter(context.Out, context.Color && context.IsTerminal);
        foreach (var line in DescribeText.Render(root, answer.Resources, context.Time.GetUtcNow()))
        {
            painter.Line(line);
        }

        return ExitCode.Done;
    }
}
