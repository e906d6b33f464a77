using System.Globalization;
using Tarmak.Cli.Engine;

namespace Tarmak.Cli.Ssh;

/// <summary>Arguments for the system's <c>ssh</c>. They trust the host keys the engine told, and nothing else.</summary>
internal static class SshArguments
{
    /// <summary>The bastion user that may forward, and nothing else.</summary>
    private const string JumpUser = "jump";

    /// <summary>The arguments, the program's own name first.</summary>
    /// <param name="home">The engine's home.</param>
    /// <param name="access">How the instance is reached.</param>
    /// <param name="knownHosts">File of the host keys.</param>
    /// <param name="command">What to run there; nothing: a shell.</param>
    public static IReadOnlyList<string> Of(EngineHome home, SshAccessResponse access, string knownHosts, IReadOnlyList<string> command)
    {
        var port = access.JumpPort.ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<string> trust =
        [
            "-F", "none",
            "-i", home.SshKey,
            "-o", "IdentitiesOnly=yes",
            "-o", $"UserKnownHostsFile=\"{knownHosts}\"",
            "-o", "GlobalKnownHostsFile=/dev/null",
            "-o", "StrictHostKeyChecking=yes",
            "-o", "PasswordAuthentication=no",
            "-o", "LogLevel=ERROR",
        ];
        IReadOnlyList<string> tail = command.Count == 0 ? [] : ["--", .. command];
        if (access.Address.Length == 0)
        {
            return ["ssh", .. trust, "-p", port, $"{access.User}@{access.JumpHost}", .. tail];
        }

        // -J would reach the first host with the user's own keys and known hosts; the command says which to use.
        var jump = string.Join(' ', trust.Prepend("ssh").Concat(["-p", port, "-W", "[%h]:%p", $"{JumpUser}@{access.JumpHost}"]).Select(Quoted));
        return ["ssh", .. trust, "-o", $"ProxyCommand={jump}", $"{access.User}@{access.Address}", .. tail];
    }

    // ssh hands the command to a shell, and expands % in it before.
    private static string Quoted(string argument) =>
        argument == "[%h]:%p" ? "'[%h]:%p'" : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal) + "'";
}
