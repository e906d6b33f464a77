using System.CommandLine;
using Tarmak.Cli.Manifests;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak plan</c>: what apply would do.</summary>
internal static class PlanCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var files = Arguments.Files(required: true);
        var command = new Command("plan", "Print what apply would create, change, replace and delete; exit 0: nothing, 10: something") { files };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(files) ?? [], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string[] names, CancellationToken cancellationToken)
    {
        var files = ManifestFiles.Read(names, context.In);
        LocalValidation.Check(files);
        var engine = await context.Engine.StartAsync(cancellationToken);
        try
        {
            using var connection = context.Connect();
            var request = new PlanRequest();
            request.Files.AddRange(files);
            var plan = await connection.Client.PlanAsync(request, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
            foreach (var line in PlanText.Render(plan))
            {
                await context.Out.WriteLineAsync(line);
            }

            return plan.Changes.Count == 0 ? ExitCode.Done : ExitCode.Changes;
        }
        finally
        {
            if (engine.Started)
            {
                // Also when the user has lost patience: an engine nobody asked for must not stay.
                await context.Engine.StopAsync(CancellationToken.None);
            }
        }
    }
}
