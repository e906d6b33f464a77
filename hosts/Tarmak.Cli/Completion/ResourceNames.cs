using System.CommandLine;
using System.CommandLine.Completions;
using Grpc.Core;

namespace Tarmak.Cli.Completion;

/// <summary>Names of resources for completion. Nobody wants to wait for it, and a failure of it is no news.</summary>
internal static class ResourceNames
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The full names of all resources of the kind another argument names; none where it names none.</summary>
    /// <param name="context">The world.</param>
    /// <param name="typed">What has been typed.</param>
    /// <param name="kind">The argument; its value may be wrong.</param>
    public static IEnumerable<string> OfKind<T>(CliContext context, CompletionContext typed, Argument<T> kind) =>
        typed.ParseResult.GetResult(kind) is { Tokens: [var token, ..] } && Kinds.Singular(token.Value) is { } singular ? Of(context, singular) : [];

    /// <summary>The full names of all resources of these kinds; none when the engine does not answer at once.</summary>
    /// <param name="context">The world.</param>
    /// <param name="kinds">The kinds.</param>
    public static IEnumerable<string> Of(CliContext context, params string[] kinds)
    {
        using var connection = context.Connect();
        var names = new List<string>();
        try
        {
            foreach (var kind in kinds)
            {
                var answer = connection.Client.List(new ListRequest { Kind = Kinds.Plural(kind) }, deadline: DateTime.UtcNow + s_patience);
                names.AddRange(answer.Resources.Select(r => ResourceKeys.Shown(r.Key)));
            }
        }
        catch (RpcException)
        {
            return names;
        }

        return names;
    }
}
