using Grpc.Core;

namespace Tarmak.Cli.Completion;

/// <summary>Names of resources for completion. Nobody wants to wait for it, and a failure of it is no news.</summary>
internal static class ResourceNames
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

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
