using System.CommandLine;
using System.Runtime.InteropServices;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;
using Tarmak.Cli.Ssh;

namespace Tarmak.Cli.Commands;

/// <summary><c>tarmak ssh</c>: a shell on an instance.</summary>
internal static class SshCommand
{
    private const int BrokenPipe = 13;

    /// <summary>Builds the command.</summary>
    /// <param name="context">The world it runs in.</param>
    public static Command Create(CliContext context)
    {
        var name = Arguments.Name("ENV/NAME/POOL-N", "The instance", context, "instance");
        var remote = new Argument<string[]>("command") { HelpName = "COMMAND", Description = "What to run there, after --", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("ssh", "Open a shell on an instance, or run a command there") { name, remote };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(remote) ?? [], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string name, string[] remote, CancellationToken cancellationToken)
    {
        var key = ResourceKeys.Parse(name);
        if (key.Split('/').Length != Kinds.Depth("instance"))
        {
            throw new CliException($"'{name}' is not the name of an instance; write ENV/NAME/POOL-N, such as dev/demo/etcd-0.", ExitCode.Usage);
        }

        if (!File.Exists(context.Home.SshKey))
        {
            throw new CliException($"There is no key at {context.Home.SshKey}; `tarmak up` makes it.");
        }

        var program = ProgramPath.Find("ssh") ?? throw new CliException("ssh was not found in PATH; install the OpenSSH client (on Debian: apt install openssh-client).");
        using var connection = context.Connect();
        var access = await connection.Client.SshAccessAsync(
            new SshAccessRequest { Key = ResourceKeys.Shown(key) }, deadline: Applying.Deadline(), cancellationToken: cancellationToken);
        var knownHosts = KnownHosts.Write(context.Home, ResourceKeys.Shown(key), access.KnownHosts);
        Become(program, SshArguments.Of(context.Home, access, knownHosts, remote));
        return ExitCode.Failed;
    }

    // ssh takes this process's place: terminal, signals and exit code are its own from here on.
    private static void Become(string program, IReadOnlyList<string> arguments)
    {
        using var argv = new CStrings(arguments);
        LibC.Signal(BrokenPipe, 0);
        _ = LibC.ExecVp(program, argv.Pointers);
        throw new CliException($"{program} could not be run: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }
}
