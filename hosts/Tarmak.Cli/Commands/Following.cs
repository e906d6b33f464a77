using Tarmak.Cli.Engine;
using Tarmak.Cli.Follow;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary>Follows a change for a command and turns how it ended into words and an exit code.</summary>
internal static class Following
{
    /// <summary>Follows.</summary>
    /// <param name="context">The world.</param>
    /// <param name="connection">The connection to the engine.</param>
    /// <param name="state">What is followed.</param>
    /// <param name="history">Where time is kept.</param>
    /// <param name="begun">Timestamp the command began at.</param>
    /// <param name="timeout">The longest it may take.</param>
    /// <param name="cancellationToken">Ends following.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        CliContext context,
        EngineConnection connection,
        FollowState state,
        PhaseHistory history,
        long begun,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        IFollowView view = context.IsTerminal
            ? new TreeView(Painter.Console(context), context.Size, state, context.Time, begun)
            : new LineView(context.Out, context.Time, begun);
        var follower = new Follower(connection.Client, state, view, history, context.Time, () => context.Engine.RunningPid() is not null);
        FollowVerdict verdict;
        try
        {
            verdict = await follower.RunAsync(timeout, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync($"tarmak: The work goes on; {LookAgain(state)}");
            return ExitCode.Interrupted;
        }

        return verdict.Kind switch
        {
            FollowVerdictKind.Reached => ExitCode.Done,
            FollowVerdictKind.Blocked => await FailAsync(context, verdict.Sentences, $"The work goes on once this is mended; {LookAgain(state)}", ExitCode.Failed),
            FollowVerdictKind.TimedOut => await FailAsync(
                context,
                [$"Not {(state.Goal == FollowGoal.Ready ? "ready" : "gone")} after {Durations.Short(timeout)}.", .. verdict.Sentences],
                $"The work goes on; {LookAgain(state)}",
                ExitCode.TimedOut),
            _ => await FailAsync(context, [$"The engine has ended; {context.Home.Log} says why."], "`tarmak up` starts it again and goes on.", ExitCode.Failed),
        };
    }

    private static string LookAgain(FollowState state)
    {
        var target = state.Targets.OrderByDescending(t => t.Kind == "cluster").First();
        return $"look again with `tarmak describe {target.Kind} {target.Key}` or `tarmak explain {target.Key}`.";
    }

    private static async Task<int> FailAsync(CliContext context, IEnumerable<string> sentences, string hint, int exitCode)
    {
        foreach (var sentence in sentences)
        {
            await context.Error.WriteLineAsync($"tarmak: {sentence}");
        }

        await context.Error.WriteLineAsync(hint);
        return exitCode;
    }
}
