using System.CommandLine;
using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Follow;
using Tarmak.Cli.Manifests;
using Tarmak.Cli.Output;
using ManifestFile = Tarmak.Api.V1.ManifestFile;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak up</c>: from a manifest to a healthy cluster.</summary>
internal static class UpCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var files = Arguments.Files(required: false);
        var allow = Arguments.AllowDataLoss();
        var timeout = Arguments.Timeout();
        var command = new Command("up", "Start the embedded engine if none runs, apply, follow until ready, print the endpoints") { files, allow, timeout };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetValue(files) ?? [], parsed.GetValue(allow) ?? [], parsed.GetValue(timeout), cancellationToken));
        return command;
    }

    /// <summary>Starts the engine if none runs, applies, and follows until ready.</summary>
    /// <param name="context">The world it runs in.</param>
    /// <param name="names">Manifest files; none: all that is declared.</param>
    /// <param name="allowed">Consents to lose data.</param>
    /// <param name="timeout">Longest time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<int> RunAsync(CliContext context, string[] names, string[] allowed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        var begunAt = context.Time.GetUtcNow();
        var history = new PhaseHistory(begunAt);
        var files = ManifestFiles.Read(names, context.In);
        if (names.Length > 0)
        {
            LocalValidation.Check(files);
        }

        var engine = await context.Engine.StartAsync(cancellationToken);
        history.Add("engine start", begunAt, context.Time.GetUtcNow());
        await AnnounceAsync(context, engine);
        using var connection = context.Connect();
        var targets = names.Length > 0
            ? await ApplyAsync(context, engine, connection, files, allowed, history, cancellationToken)
            : await EverythingAsync(context, connection, history, cancellationToken);
        if (targets.Count == 0)
        {
            await context.Out.WriteLineAsync("Nothing is declared that would have to become ready.");
            return ExitCode.Done;
        }

        var state = new FollowState(targets, FollowGoal.Ready);
        var exitCode = await Following.RunAsync(context, connection, state, history, begun, timeout, cancellationToken);
        if (exitCode == ExitCode.Done)
        {
            await ReportAsync(context, state, history, context.Time.GetElapsedTime(begun));
        }

        return exitCode;
    }

    private static async Task AnnounceAsync(CliContext context, EngineStart engine)
    {
        if (engine.Started)
        {
            await context.Out.WriteLineAsync($"Engine {PlainText.Of(engine.Version)} started in {Durations.Exact(engine.Took)}; it logs to {context.Home.Log}.");
            return;
        }

        await context.Out.WriteLineAsync($"An engine of this home runs already (version {PlainText.Of(engine.Version)}); going on with it.");
        if (engine.Version != CliVersion.Text)
        {
            await context.Error.WriteLineAsync($"tarmak: That engine is version {PlainText.Of(engine.Version)}, this command line {CliVersion.Text}; `tarmak down` and `tarmak up` change it.");
        }
    }

    private static async Task<IReadOnlyList<FollowTarget>> ApplyAsync(
        CliContext context,
        EngineStart engine,
        EngineConnection connection,
        IReadOnlyList<ManifestFile> files,
        IReadOnlyList<string> allowed,
        PhaseHistory history,
        CancellationToken cancellationToken)
    {
        try
        {
            return await ApplyAsync(context, connection, files, allowed, history, cancellationToken);
        }
        catch (Exception refusal) when (engine.Started
            && refusal is CliException or RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.FailedPrecondition })
        {
            // It was started for what it then refused: everything is left as it was found.
            await context.Engine.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task<IReadOnlyList<FollowTarget>> ApplyAsync(
        CliContext context,
        EngineConnection connection,
        IReadOnlyList<ManifestFile> files,
        IReadOnlyList<string> allowed,
        PhaseHistory history,
        CancellationToken cancellationToken)
    {
        var from = context.Time.GetUtcNow();
        var answer = await Applying.RunAsync(context, connection, files, allowed, cancellationToken);
        history.Add("apply", from, context.Time.GetUtcNow());
        await DocumentResults.PrintAsync(context.Out, answer.Documents);
        return FollowTarget.Of(answer.Documents);
    }

    private static async Task<IReadOnlyList<FollowTarget>> EverythingAsync(
        CliContext context, EngineConnection connection, PhaseHistory history, CancellationToken cancellationToken)
    {
        // Applying nothing has the engine look at what there is: after a reboot, what was ready is not, and nobody may know yet.
        var from = context.Time.GetUtcNow();
        await Applying.RunAsync(context, connection, [], [], cancellationToken);
        history.Add("look", from, context.Time.GetUtcNow());
        var targets = new List<FollowTarget>();
        foreach (var kind in (string[])["environment", "cluster"])
        {
            var answer = await connection.Client.ListAsync(
                new ListRequest { Kind = Kinds.Plural(kind) }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
            targets.AddRange(answer.Resources
                .Where(r => r.Phase is not (Phases.Deleting or Phases.Deleted or Phases.Paused))
                .Select(r => new FollowTarget(kind, r.Key, r.Generation)));
        }

        return targets;
    }

    private static async Task ReportAsync(CliContext context, FollowState state, PhaseHistory history, TimeSpan elapsed)
    {
        await context.Out.WriteLineAsync();
        var clusters = state.Relevant.Where(r => Kinds.Singular(r.Kind) == "cluster").ToList();
        var word = clusters.Exists(c => c.Phase == Phases.Paused) ? "Accepted" : "Ready";
        await context.Out.WriteLineAsync($"{word} in {Durations.Exact(elapsed)}. Where the time went:");
        foreach (var line in history.Breakdown())
        {
            await context.Out.WriteLineAsync(line);
        }

        await context.Out.WriteLineAsync();
        foreach (var cluster in clusters)
        {
            if (cluster.Phase == Phases.Paused)
            {
                await context.Out.WriteLineAsync($"{cluster.Key} is paused: nothing of it is changed until its manifest says paused: false.");
                continue;
            }

            var endpoint = cluster.Endpoint.Length > 0 ? $"  {PlainText.Of(cluster.Endpoint)}" : "";
            await context.Out.WriteLineAsync($"{cluster.Key}{endpoint}");
            var credentials = cluster.Endpoint.Length > 0 ? $"  tarmak credentials {cluster.Key} --dir D  " : "";
            await context.Out.WriteLineAsync($"{credentials}  tarmak describe cluster {cluster.Key}");
        }
    }
}
