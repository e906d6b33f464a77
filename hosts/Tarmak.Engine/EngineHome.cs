using System.Security.Cryptography;
using Tarmak.Gateway.Listeners;

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
