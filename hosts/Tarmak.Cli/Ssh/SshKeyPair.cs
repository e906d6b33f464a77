using System.Diagnostics;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Ssh;

/// <summary>The operator's own key for SSH; instances get its public half.</summary>
internal static class SshKeyPair
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the pair where it is missing. Two at once end with one pair.</summary>
    /// <param name="home">The engine's home.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    public static async Task EnsureAsync(EngineHome home, CancellationToken cancellationToken)
    {
        var publicKey = home.SshKey + ".pub";
        if (File.Exists(home.SshKey) && File.Exists(publicKey))
        {
            return;
        }

        Directory.CreateDirectory(home.SshDirectory, OwnerOnly | UnixFileMode.UserExecute);
        if (!File.Exists(home.SshKey))
        {
            await MakeAsync(home, cancellationToken);
        }

        // Derived from the private half, so that the two belong together whoever made that.
        var line = await KeygenAsync(["-y", "-f", home.SshKey], cancellationToken);
        AtomicFile.Write(publicKey, line.Trim() + "\n");
    }

    private static async Task MakeAsync(EngineHome home, CancellationToken cancellationToken)
    {
        var fresh = Path.Combine(home.SshDirectory, $".new-{Guid.NewGuid():N}");
        try
        {
            await KeygenAsync(["-q", "-t", "ed25519", "-N", "", "-C", "tarmak", "-f", fresh], cancellationToken);
            File.Move(fresh, home.SshKey, overwrite: false);
        }
        catch (IOException) when (File.Exists(home.SshKey))
        {
            // Another command was quicker; its pair is the one.
            return;
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(fresh + ".pub");
        }
    }

    private static async Task<string> KeygenAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var program = ProgramPath.Find("ssh-keygen")
            ?? throw new CliException("ssh-keygen was not found in PATH; install the OpenSSH client (on Debian: apt install openssh-client).");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new CliException("ssh-keygen could not be started.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new CliException($"ssh-keygen could not make the key for SSH: {PlainText.Of(errors)}");
    }
}
