using System.CommandLine;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Follow;
using Tarmak.Cli.Manifests;
using Tarmak.Cli.Ssh;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak delete</c>: asks for resources to be deleted, and waits until they are gone.</summary>
internal static class DeleteCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var kind = new Argument<string?>("kind") { HelpName = "KIND", Description = "provider, environment or cluster", Arity = ArgumentArity.ZeroOrOne };
        kind.CompletionSources.Add("provider", "environment", "cluster");
        var name = new Argument<string?>("name") { HelpName = "NAME", Description = "Full name, such as dev/demo", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(typed => Completion.ResourceNames.OfKind(context, typed, kind));
        var files = Arguments.Files(required: false);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until everything is gone" };
        var allow = Arguments.AllowDataLoss();
        var timeout = Arguments.Timeout();
        var command = new Command("delete", "Delete resources, dependants first") { kind, name, files, yes, allow, noWait, timeout };
        command.Aliases.Add("destroy");
        command.Validators.Add(result =>
        {
            var hasFiles = result.GetValue(files) is { Length: > 0 };
            if (hasFiles == (result.GetValue(kind) is not null) || (!hasFiles && result.GetValue(name) is null))
            {
                result.AddError("Give either -f FILE… or KIND NAME.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context,
            new Wish(
                parsed.GetValue(files) ?? [],
                parsed.GetValue(kind),
                parsed.GetValue(name),
                parsed.GetValue(yes),
                parsed.GetValue(allow) ?? [],
                parsed.GetValue(noWait),
                parsed.GetValue(timeout)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, Wish wish, CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        var request = Request(context, wish, out var targets);
        if (!wish.Yes)
        {
            if (!context.IsInteractive)
            {
                throw new CliException("There is no terminal to ask on; give --yes to delete without being asked.");
            }

            await Consent.TypedAsync(context, $"This deletes {string.Join(", ", targets.Select(t => $"{t.Kind} {t.Key}"))} and everything in it.", Asked(targets).Key);
        }

        using var connection = context.Connect();
        var answer = await DeleteAsync(context, connection, request, wish.Allowed, cancellationToken);
        await DocumentResults.PrintAsync(context.Out, answer.Documents);
        foreach (var target in targets.Where(t => t.Kind is "environment" or "cluster"))
        {
            KnownHosts.Forget(context.Home, target.Key);
        }

        var followed = FollowTarget.Of(answer.Documents);
        if (wish.NoWait || followed.Count == 0)
        {
            return ExitCode.Done;
        }

        var state = new FollowState(followed, FollowGoal.Gone);
        var history = new PhaseHistory(context.Time.GetUtcNow());
        var exitCode = await Following.RunAsync(context, connection, state, history, begun, wish.Timeout, cancellationToken);
        if (exitCode == ExitCode.Done)
        {
            await context.Out.WriteLineAsync($"Deleted in {Output.Durations.Exact(context.Time.GetElapsedTime(begun))}; nothing is left.");
        }

        return exitCode;
    }

    private static Task<DeleteResponse> DeleteAsync(
        CliContext context, EngineConnection connection, DeleteRequest request, IReadOnlyList<string> allowed, CancellationToken cancellationToken) =>
        Consent.RunAsync(context, allowed, async names =>
        {
            var attempt = request.Clone();
            attempt.RequestId = Guid.NewGuid().ToString("N");
            attempt.AllowDataLoss.AddRange(names);
            return await Sending.RunAsync(
                context, deadline => connection.Client.DeleteAsync(attempt, deadline: deadline, cancellationToken: cancellationToken));
        });

    private static DeleteRequest Request(CliContext context, Wish wish, out IReadOnlyList<FollowTarget> targets)
    {
        if (wish.Files.Length > 0)
        {
            var files = ManifestFiles.Read(wish.Files, context.In);
            targets = [.. LocalValidation.Check(files).All.Select(m => new FollowTarget(m.Kind.ToString().ToLowerInvariant(), m.Key.Path, 0))];
            var byFiles = new DeleteRequest();
            byFiles.Files.AddRange(files);
            return byFiles;
        }

        var kind = Kinds.Singular(wish.Kind!);
        if (kind is not ("provider" or "environment" or "cluster"))
        {
            throw new CliException($"'{wish.Kind}' cannot be deleted by name; a provider, environment or cluster can. Pools and instances go when the cluster's manifest leaves them out.", ExitCode.Usage);
        }

        if (kind == "cluster" && wish.Name!.Split('/').Length != 2)
        {
            throw new CliException($"'{wish.Name}' is not the full name of a cluster; write ENVIRONMENT/NAME.", ExitCode.Usage);
        }

        targets = [new FollowTarget(kind, wish.Name!, 0)];
        return new DeleteRequest { Kind = kind, Name = wish.Name };
    }

    // The widest of what goes: who types its name has read what it is.
    private static FollowTarget Asked(IReadOnlyList<FollowTarget> targets) =>
        targets.FirstOrDefault(t => t.Kind == "environment") ?? targets.FirstOrDefault(t => t.Kind == "cluster") ?? targets[0];

    private sealed record Wish(string[] Files, string? Kind, string? Name, bool Yes, string[] Allowed, bool NoWait, TimeSpan Timeout);
}
