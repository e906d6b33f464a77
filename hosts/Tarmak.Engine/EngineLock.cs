using System.Globalization;
using Tarmak.Gateway.Listeners;

namespace Tarmak.Engine;

/// <summary>Keeps a home to one engine at a time. The lock goes with the process, however it ends.</summary>
internal sealed class EngineLock : IDisposable
{
    private readonly FileStream held;
    private readonly string pidPath;

    private EngineLock(FileStream held, string pidPath)
    {
        this.held = held;
        this.pidPath = pidPath;
    }

    /// <summary>Takes the lock and writes the process id beside it.</summary>
    /// <exception cref="StartException">Another engine has it.</exception>
    public static EngineLock Take(EngineHome home)
    {
        FileStream held;
        try
        {
            held = new FileStream(home.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartException($"{home.LockPath} cannot be opened for writing; check the rights to it and to its folder.", exception);
        }
        catch (IOException exception) when (File.Exists(home.LockPath))
        {
            throw new StartException($"An engine runs on {home.Directory} already; one home has one engine.", exception);
        }
        catch (IOException exception)
        {
            throw new StartException($"{home.LockPath} cannot be written: {exception.Message}", exception);
        }

        try
        {
            PrivateFile.Write(home.PidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new EngineLock(held, home.PidPath);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        File.Delete(pidPath);
        held.Dispose();
    }
}
