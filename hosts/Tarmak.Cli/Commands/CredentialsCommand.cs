using System.CommandLine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak credentials</c>: a client certificate for the cluster's etcd.</summary>
internal static class CredentialsCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV/NAME", "The cluster", context, "cluster");
        var directory = new Option<string>("--dir") { Description = "Directory for client.crt, client.key, ca.crt and endpoints", HelpName = "D", Required = true };
        Arguments.RefuseEmpty(directory);
        var command = new Command("credentials", "Write a client certificate for the cluster's etcd, and where it answers") { name, directory };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(directory)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, string directory, CancellationToken cancellationToken)
    {
        using var connection = context.Connect();
        var answer = await connection.Client.CredentialsAsync(
            new CredentialsRequest { Key = ResourceKeys.Parse(name) }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        AtomicFile.WriteAll(
        [
            (Path.Combine(directory, "client.key"), WithLineEnd(answer.ClientKey)),
            (Path.Combine(directory, "client.crt"), WithLineEnd(answer.ClientCertificate)),
            (Path.Combine(directory, "ca.crt"), WithLineEnd(answer.CaCertificate)),
            (Path.Combine(directory, "endpoints"), string.Concat(answer.Endpoints.Select(e => e + "\n"))),
        ]);
        await context.Out.WriteLineAsync($"Wrote client.crt, client.key, ca.crt and endpoints to {directory}.");
        if (answer.Endpoints.Count > 0)
        {
            var path = (string file) => Path.Combine(directory, file);
            await context.Out.WriteLineAsync(
                $"etcdctl --endpoints {PlainText.Of(answer.Endpoints[0])} --cacert {path("ca.crt")} --cert {path("client.crt")} --key {path("client.key")} endpoint health");
        }

        return ExitCode.Done;
    }

    private static string WithLineEnd(string pem) => pem.EndsWith('\n') ? pem : pem + "\n";
}
