using System.Security.Cryptography;
using Tarmak.Gateway.Listeners;
using Tarmak.Grains.Exports;

namespace Tarmak.Engine;

/// <summary>The folder that holds everything the engine keeps. It and all in it are its owner's alone.</summary>
/// <param name="Directory">The folder, absolute.</param>
internal sealed record EngineHome(string Directory)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int IdentityBytes = 6;

    public string LockPath => Path.Combine(Directory, "engine.lock");

    public string PidPath => Path.Combine(Directory, "engine.pid");

    public string InstallationPath => Path.Combine(Directory, "installation");

    public string DatabasePath => Path.Combine(Directory, "engine.db");

    public string RecoveryKeyPath => Path.Combine(Directory, "recovery.key");

    /// <summary>Is there from the first thing a recovery writes until the last.</summary>
    public string RecoveringPath => Path.Combine(Directory, "recovering");

    public string AgentsDirectory => Path.Combine(Directory, "agents");

    /// <summary>Opens the home, making it where it is missing.</summary>
    /// <exception cref="StartException">It cannot be used.</exception>
    public static EngineHome Open(string directory)
    {
        var home = new EngineHome(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        try
        {
            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(home.Directory);
            }
            else
            {
                System.IO.Directory.CreateDirectory(home.Directory, Private);
                File.SetUnixFileMode(home.Directory, Private);
            }

            return home;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The engine's home {home.Directory} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses a home that a recovery has written half of.</summary>
    /// <exception cref="StartException">It is one.</exception>
    public void RequireWhole()
    {
        if (File.Exists(RecoveringPath))
        {
            throw new StartException($"A recovery into {Directory} was cut off, so what is there is not whole; run the same tarmak recover again, or recover into an empty directory instead.");
        }
    }

    /// <summary>The key of the installation's exports, made once.</summary>
    /// <exception cref="StartException">The file holds none.</exception>
    public RecoveryKey RecoveryKey(string installation)
    {
        if (!File.Exists(RecoveryKeyPath))
        {
            PrivateFile.Write(RecoveryKeyPath, Grains.Exports.RecoveryKey.Create(installation).Reveal() + "\n");
        }

        return Grains.Exports.RecoveryKey.TryParse(File.ReadAllText(RecoveryKeyPath), out var key, out var problem)
            ? key.Installation == installation ? key : throw new StartException($"{RecoveryKeyPath} is of installation {key.Installation}, and this home is of {installation}; put the right file back.")
            : throw new StartException($"{RecoveryKeyPath} {problem} Put the right file back, or remove it: exports are sealed with a new key then.");
    }

    /// <summary>Identity of the installation, made once; every object carries it.</summary>
    /// <exception cref="StartException">The file holds something else, or is gone from a home that was used.</exception>
    public string Installation()
    {
        if (!File.Exists(InstallationPath))
        {
            if (File.Exists(DatabasePath))
            {
                throw new StartException(
                    $"{InstallationPath} is missing, but {DatabasePath} is there; put the file back (its 12 digits are in the labels of everything this engine made), for under another identity all would be made again beside what there is.");
            }

            PrivateFile.Write(InstallationPath, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdentityBytes)) + "\n");
        }

        var text = File.ReadAllText(InstallationPath).Trim();
        return text.Length == 2 * IdentityBytes && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new StartException(
                $"{InstallationPath} holds no installation identity (12 hexadecimal digits); put the right one back, objects at providers carry it.");
    }
}
