using System.Text;

namespace Tarmak.Cli.Engine;

/// <summary>Where the embedded engine keeps everything.</summary>
/// <param name="Directory">The directory, absolute.</param>
internal sealed record EngineHome(string Directory)
{
    // sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
    private const int LongestSocketPath = 103;

    /// <summary>Socket operators are answered on.</summary>
    public string Socket => Path.Combine(Directory, "engine.sock");

    /// <summary>The running engine's process id.</summary>
    public string PidFile => Path.Combine(Directory, "engine.pid");

    /// <summary>Locked while an engine runs.</summary>
    public string LockFile => Path.Combine(Directory, "engine.lock");

    /// <summary>What the engine prints.</summary>
    public string Log => Path.Combine(Directory, "engine.log");

    /// <summary>The key that this installation's exports are sealed with.</summary>
    public string RecoveryKey => Path.Combine(Directory, "recovery.key");

    /// <summary>Keys and host keys for SSH.</summary>
    public string SshDirectory => Path.Combine(Directory, "ssh");

    /// <summary>The operator's private key for SSH.</summary>
    public string SshKey => Path.Combine(SshDirectory, "id_ed25519");

    /// <summary>The home that <c>TARMAK_HOME</c> names, or <c>~/.tarmak</c>.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static EngineHome FromEnvironment(Func<string, string?> environment)
    {
        var named = environment("TARMAK_HOME");
        if (string.IsNullOrEmpty(named))
        {
            var user = environment("HOME");
            if (string.IsNullOrEmpty(user))
            {
                throw new CliException("Neither TARMAK_HOME nor HOME is set, so there is no place for the engine's files; set TARMAK_HOME.", ExitCode.Usage);
            }

            named = Path.Combine(user, ".tarmak");
        }

        var home = new EngineHome(Path.TrimEndingDirectorySeparator(Path.GetFullPath(named)));
        if (Encoding.UTF8.GetByteCount(home.Socket) > LongestSocketPath)
        {
            throw new CliException($"TARMAK_HOME is too long for a socket in it ({home.Directory}); choose a directory of at most {LongestSocketPath - "/engine.sock".Length} bytes.", ExitCode.Usage);
        }

        return home;
    }

    /// <summary>Makes the directory, for its owner only, where it is missing.</summary>
    public void Create()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            return;
        }

        System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
