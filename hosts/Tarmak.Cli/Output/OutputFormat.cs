using System.CommandLine;
using System.Text.Json.Nodes;

namespace Tarmak.Cli.Output;

/// <summary>The formats of answers that are no resources: a table for people, and documents for programs.</summary>
internal static class OutputFormat
{
    /// <summary>For people.</summary>
    public const string Table = "table";

    private static readonly string[] s_formats = [Table, "json", "yaml"];

    /// <summary><c>-o table|json|yaml</c></summary>
    public static Option<string> Option()
    {
        var output = new Option<string>("--output", "-o") { Description = "Format", HelpName = string.Join('|', s_formats), DefaultValueFactory = _ => Table };
        output.AcceptOnlyFromAmong(s_formats);
        return output;
    }

    /// <summary>Prints an answer.</summary>
    /// <param name="context">The world.</param>
    /// <param name="format">The format.</param>
    /// <param name="document">The answer as a document.</param>
    /// <param name="table">The answer as lines.</param>
    public static async Task WriteAsync(CliContext context, string format, Func<JsonObject> document, Func<IEnumerable<string>> table)
    {
        IEnumerable<string> lines = format switch
        {
            "json" => [Documents.Json(document())],
            "yaml" => [Documents.Yaml(document()).TrimEnd('\n')],
            _ => table(),
        };
        foreach (var line in lines)
        {
            await context.Out.WriteLineAsync(line);
        }

        await context.Out.FlushAsync();
    }
}
