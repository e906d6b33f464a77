using System.CommandLine;
using Grpc.Core;
using Tarmak.Cli.Engine;
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
        var request = new PlanRequest();
        request.Files.AddRange(files);
        var plan = await PlanAsync(context, request, cancellationToken);
        foreach (var line in PlanText.Render(plan))
        {
            await context.Out.WriteLineAsync(line);
        }

        return plan.Changes.Count == 0 ? ExitCode.Done : ExitCode.Changes;
    }

    private static async Task<PlanResponse> PlanAsync(CliContext context, PlanRequest request, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        try
        {
            return await connection.Client.PlanAsync(request, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        }
        catch (RpcException failure) when (RpcFailure.IsLostConnection(failure) && context.Engine.RunningPid() is null)
        {
            // An engine started for this would resume its work and mend what has drifted.
            return await context.Engine.PlanAsync(request, cancellationToken);
        }
    }
}
