using System.CommandLine;
using System.Globalization;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak providers</c>: the types of provider there are, what they need, and whether they have it.</summary>
internal static class ProvidersCommand
{
    // Looking asks a cloud, which may take its time.
    private static readonly TimeSpan s_looking = TimeSpan.FromMinutes(2);

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context) => new("providers", "Tell what providers offer and need, and look whether they have it")
    {
        List(context),
        Requirements(context),
        Verify(context),
    };

    private static Command List(CliContext context)
    {
        var output = OutputFormat.Option();
        var command = new Command("list", "List the types of provider, and the providers declared of them") { output };
        command.SetAction((parsed, cancellationToken) => ListAsync(context, parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static Command Requirements(CliContext context)
    {
        var name = Arguments.Name("NAME", "A declared provider, or a type", context, "provider");
        var output = OutputFormat.Option();
        var command = new Command("requirements", "Print what a provider offers, needs and cannot do") { name, output };
        command.SetAction((parsed, cancellationToken) => RequirementsAsync(context, parsed.GetValue(name)!, parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static Command Verify(CliContext context)
    {
        var name = Arguments.Name("NAME", "A declared provider", context, "provider");
        var output = OutputFormat.Option();
        var command = new Command("verify", "Look at a provider's account whether its requirements are met; changes nothing") { name, output };
        command.SetAction((parsed, cancellationToken) => VerifyAsync(context, parsed.GetValue(name)!, parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static async Task<int> ListAsync(CliContext context, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var answer = await connection.Client.ProviderTypesAsync(new ProviderTypesRequest(), deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        await OutputFormat.WriteAsync(context, format, () => SheetDocument.Of(answer), () => TextTable.Render(
            ["TYPE", "PROVIDERS", "CAPABILITIES", "SUMMARY"],
            [.. answer.Types_.Select(t => new[]
            {
                t.Type, t.Providers.Count == 0 ? "-" : string.Join(",", t.Providers), t.Capabilities.Count.ToString(CultureInfo.InvariantCulture), PlainText.Of(t.Summary),
            })]));
        return ExitCode.Done;
    }

    private static async Task<int> RequirementsAsync(CliContext context, string name, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var sheet = await connection.Client.RequirementsAsync(new RequirementsRequest { Name = name }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        await OutputFormat.WriteAsync(context, format, () => SheetDocument.Of(sheet), () => SheetText.Lines(sheet));
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(CliContext context, string name, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var answer = await connection.Client.VerifyProviderAsync(
            new VerifyProviderRequest { Name = name }, deadline: DateTime.UtcNow + s_looking, cancellationToken: cancellationToken);
        if (format == OutputFormat.Table)
        {
            var painter = new Painter(context.Out, context.Color && context.IsTerminal);
            foreach (var line in SheetText.Findings(answer.Findings))
            {
                painter.Line(line);
            }
        }
        else
        {
            await OutputFormat.WriteAsync(context, format, () => SheetDocument.Of(answer), () => []);
        }

        var unmet = answer.Findings.Count(f => f.State == RequirementFinding.Types.State.Unmet);
        return unmet == 0
            ? ExitCode.Done
            : throw new CliException($"{unmet} of {answer.Findings.Count} requirements of provider {name} {(unmet == 1 ? "is" : "are")} not met.");
    }
}
