using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak conformance</c>: whether a provider does what the contract demands.</summary>
internal static class ConformanceCommand
{
    private const string Text = "text";
    private static readonly string[] s_formats = [Text, "md", "junit", "json"];

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context) =>
        new("conformance", "Prove that a provider does what the contract demands") { Run(context) };

    private static Command Run(CliContext context)
    {
        var provider = new Option<string>("--provider") { Description = "The declared provider", HelpName = "NAME", Required = true };
        provider.CompletionSources.Add(_ => Completion.ResourceNames.Of(context, "provider"));
        Arguments.RefuseEmpty(provider);
        var capability = new Option<string?>("--capability") { Description = "Only this capability", HelpName = "CAPABILITY" };
        var zone = new Option<string?>("--zone") { Description = "A zone records may be written in, for providers that make no zones", HelpName = "ZONE" };
        var other = new Option<string?>("--other") { Description = "Another declared provider, to try what it serves for this one's machines", HelpName = "NAME" };
        other.CompletionSources.Add(_ => Completion.ResourceNames.Of(context, "provider"));
        var otherZone = new Option<string?>("--other-zone") { Description = "A zone of that one records may be written in", HelpName = "ZONE" };
        var seed = new Option<int>("--seed") { Description = "What random sequences come of, as an earlier run told it", HelpName = "SEED" };
        var output = new Option<string>("--output", "-o") { Description = "Format", HelpName = string.Join('|', s_formats), DefaultValueFactory = _ => Text };
        output.AcceptOnlyFromAmong(s_formats);
        var command = new Command("run", "Run the kit against a provider's real account; what it makes there it removes") { provider, capability, zone, other, otherZone, seed, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var format = parsed.GetValue(output)!;
            var request = new ConformanceRequest
            {
                Provider = parsed.GetValue(provider)!,
                Capability = parsed.GetValue(capability) ?? "",
                Zone = parsed.GetValue(zone) ?? "",
                Other = parsed.GetValue(other) ?? "",
                OtherZone = parsed.GetValue(otherZone) ?? "",
                Seed = parsed.GetValue(seed),
                Format = format == Text ? "" : format,
            };
            return RunAsync(context, request, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ConformanceRequest request, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        using var call = connection.Client.Conformance(request, cancellationToken: cancellationToken);
        var results = new List<CheckResult>();
        ConformanceReport? report = null;
        var painter = new Painter(context.Out, context.Color && context.IsTerminal);
        await foreach (var told in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            report = told.Report ?? report;
            if (told.Result is not { } result)
            {
                continue;
            }

            results.Add(result);
            if (request.Format.Length == 0)
            {
                painter.Line(Line(result));
                await context.Out.FlushAsync(cancellationToken);
            }
        }

        if (report is null)
        {
            throw new CliException("The engine ended the run before its end; run it again.");
        }

        if (request.Format.Length > 0)
        {
            await context.Out.WriteLineAsync(report.Text.TrimEnd('\n'));
        }

        await context.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(CheckResult.Types.Outcome.Passed)} passed, {Count(CheckResult.Types.Outcome.Failed)} failed, {Count(CheckResult.Types.Outcome.NotOffered)} not offered by provider {request.Provider}{(report.Seed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; seed {report.Seed}"))}"));
        return report.Passed ? ExitCode.Done : ExitCode.Failed;

        int Count(CheckResult.Types.Outcome outcome) => results.Count(r => r.Outcome == outcome);
    }

    private static IReadOnlyList<TextPart> Line(CheckResult result) => result.Outcome switch
    {
        CheckResult.Types.Outcome.Passed =>
            [new TextPart("✓", Tone.Good), new TextPart($" {result.Check}"), new TextPart(string.Create(CultureInfo.InvariantCulture, $" {result.Seconds:0.0}s"), Tone.Quiet)],
        CheckResult.Types.Outcome.Failed =>
            [new TextPart("✗", Tone.Bad), new TextPart($" {result.Check}: {PlainText.Of(result.Message)}")],
        _ => [new TextPart($"· {result.Check}: not offered", Tone.Quiet)],
    };
}
