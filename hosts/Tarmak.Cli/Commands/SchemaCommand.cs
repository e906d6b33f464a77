using System.CommandLine;
using Tarmak.Model.Manifests;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak schema</c>: the manifests' JSON Schema.</summary>
internal static class SchemaCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var command = new Command("schema", "Print the JSON Schema of manifests, for editors");
        command.SetAction(async (_, cancellationToken) =>
        {
            await context.Out.WriteAsync(ManifestSchema.ToJsonSchema().AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
