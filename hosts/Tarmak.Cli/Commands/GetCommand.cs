using System.CommandLine;
using Google.Protobuf.Collections;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak get</c>: lists what there is.</summary>
internal static class GetCommand
{
    private static readonly string[] s_formats = ["table", "wide", "json", "yaml", "name"];

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var kind = new Argument<string>("kind") { HelpName = "KIND", Description = string.Join(", ", Kinds.Plurals) };
        kind.CompletionSources.Add([.. Kinds.Plurals]);
        kind.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (Kinds.Singular(text) is null)
            {
                result.AddError($"'{text}' is no kind of resource; there are {string.Join(", ", Kinds.Plurals)}.");
            }
        });
        var name = new Argument<string?>("name")
        {
            HelpName = "NAME",
            Description = "Full name of one, such as dev/demo, or of what contains them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(typed => Completion.ResourceNames.OfKind(context, typed, kind));
        var output = new Option<string>("--output", "-o") { Description = "Format", HelpName = string.Join('|', s_formats), DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong(s_formats);
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on with what changes" };
        var command = new Command("get", "List resources") { kind, name, output, watch, BindingsCommand.Create(context) };
        command.SetAction((parsed, cancellationToken) =>
        {
            var query = Query.Of(Kinds.Singular(parsed.GetValue(kind)!)!, parsed.GetValue(name));
            var format = parsed.GetValue(output)!;
            return parsed.GetValue(watch)
                ? WatchAsync(context, query, format, cancellationToken)
                : ListAsync(context, query, format, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ListAsync(CliContext context, Query query, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var answer = await connection.Client.ListAsync(query.Request, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        if (query.IsOne && answer.Resources.Count == 0)
        {
            throw new CliException($"There is no {query.Kind} {ResourceKeys.Shown(query.Request.Name)}.");
        }

        foreach (var line in Lines(answer.Resources, query, format, context.Time.GetUtcNow()))
        {
            await context.Out.WriteLineAsync(line);
        }

        await context.Out.FlushAsync(cancellationToken);
        if (answer.Resources.Count == 0 && format is "table" or "wide")
        {
            await context.Error.WriteLineAsync($"There are no {Kinds.Plural(query.Kind)}.");
        }

        return ExitCode.Done;
    }

    private static IEnumerable<string> Lines(RepeatedField<Resource> resources, Query query, string format, DateTimeOffset now)
    {
        switch (format)
        {
            case "json":
                var documents = resources.Select(r => ResourceDocument.Of(query.Kind, r));
                return [Documents.Json(query.IsOne ? documents.First() : ResourceDocument.List(documents))];
            case "yaml":
                return resources.Select((r, i) => (i == 0 ? "" : "---\n") + Documents.Yaml(ResourceDocument.Of(query.Kind, r)).TrimEnd('\n'));
            case "name":
                return resources.Select(r => ResourceKeys.Shown(r.Key));
            default:
                if (resources.Count == 0)
                {
                    return [];
                }

                var wide = format == "wide";
                return TextTable.Render(ResourceTable.Header(query.Kind, wide), [.. resources.Select(r => ResourceTable.Row(query.Kind, r, wide, now))]);
        }
    }

    private static async Task<int> WatchAsync(CliContext context, Query query, string format, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var rows = new WatchedRows(query.Kind, format);
        await foreach (var change in Resuming.WatchAsync(connection.Client, query.Request, context.Time, cancellationToken))
        {
            if (change.Resource is null)
            {
                continue;
            }

            foreach (var line in rows.Lines(change, context.Time.GetUtcNow()))
            {
                await context.Out.WriteLineAsync(line);
            }

            await context.Out.FlushAsync(cancellationToken);
        }

        return ExitCode.Done;
    }

    private sealed record Query(string Kind, ListRequest Request, bool IsOne)
    {
        public static Query Of(string kind, string? name)
        {
            var request = new ListRequest { Kind = Kinds.Plural(kind) };
            if (string.IsNullOrEmpty(name))
            {
                return new Query(kind, request, false);
            }

            var key = ResourceKeys.Parse(name);
            var parts = key.Split('#')[0].Split('/').Length;
            var isOne = kind == "capability" ? key.Contains('#', StringComparison.Ordinal) : parts == Kinds.Depth(kind);
            if (!isOne && kind != "capability" && parts > Kinds.Depth(kind))
            {
                throw new CliException($"'{name}' is not the full name of a {kind}, nor of what contains one.", ExitCode.Usage);
            }

            if (isOne)
            {
                request.Name = key;
            }
            else
            {
                request.Under = key;
            }

            return new Query(kind, request, isOne);
        }
    }
}
