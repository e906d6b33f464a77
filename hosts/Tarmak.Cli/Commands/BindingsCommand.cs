using System.CommandLine;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak get bindings</c>: which provider serves what.</summary>
internal static class BindingsCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV[/NAME]", "An environment, or a cluster of one", context, "environment", "cluster");
        var output = OutputFormat.Option();
        var command = new Command("bindings", "List which provider serves each capability, and what decides it") { name, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var answer = await connection.Client.BindingsAsync(
            new BindingsRequest { Key = ResourceKeys.Parse(name) }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        await OutputFormat.WriteAsync(context, format, () => SheetDocument.Of(answer), () => TextTable.Render(
            ["KEY", "PROVIDER", "TYPE", "DECIDED BY", "SETTING", "STANDING"],
            [.. answer.Bindings.Select(b => new[]
            {
                b.Key, b.Offered ? b.Provider : "-", b.Offered ? b.Type : "-", b.Offered ? b.Source : $"not offered by {b.Provider}", b.Setting.Length == 0 ? "-" : PlainText.Of(b.Setting),
                Standing(b),
            })]));
        return ExitCode.Done;
    }

    private static string Standing(CapabilityBinding binding) => (binding.Move, binding.Standing) switch
    {
        ({ } move, { Length: > 0 } standing) => $"{Move(move)}; {PlainText.Of(standing)}",
        ({ } move, _) => Move(move),
        (null, { Length: > 0 } standing) => PlainText.Of(standing),
        _ => "-",
    };

    private static string Move(BindingMove move) =>
        $"{move.Phase}; served by {move.ServedBy}" + (move.Detail.Length == 0 ? "" : $": {PlainText.Of(move.Detail)}");
}
