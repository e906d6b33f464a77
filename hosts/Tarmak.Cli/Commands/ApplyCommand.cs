using System.CommandLine;
using Tarmak.Cli.Follow;
using Tarmak.Cli.Manifests;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak apply</c>: hands manifests to the engine.</summary>
internal static class ApplyCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var files = Arguments.Files(required: true);
        var wait = new Option<bool>("--wait") { Description = "Follow until everything is ready" };
        var allow = Arguments.AllowDataLoss();
        var timeout = Arguments.Timeout();
        var command = new Command("apply", "Hand manifests to the engine") { files, wait, timeout, allow };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetValue(files) ?? [], parsed.GetValue(allow) ?? [], parsed.GetValue(wait), parsed.GetValue(timeout), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliContext context, string[] names, string[] allowed, bool wait, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        var files = ManifestFiles.Read(names, context.In);
        LocalValidation.Check(files);
        using var connection = context.Connect();
        var answer = await Applying.RunAsync(context, connection, files, allowed, cancellationToken);
        await DocumentResults.PrintAsync(context.Out, answer.Documents);
        var targets = FollowTarget.Of(answer.Documents);
        if (!wait || targets.Count == 0)
        {
            return ExitCode.Done;
        }

        var history = new PhaseHistory(context.Time.GetUtcNow());
        return await Following.RunAsync(context, connection, new FollowState(targets, FollowGoal.Ready), history, begun, timeout, cancellationToken);
    }
}
