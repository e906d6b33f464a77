using System.Runtime.InteropServices;

namespace Tarmak.Agent;

/// <summary>The few calls of the system that the framework does not offer.</summary>
internal static partial class Native
{
    /// <summary>Ask to end.</summary>
    public const int Terminate = 15;

    /// <summary>End at once.</summary>
    public const int Kill = 9;

    /// <summary>Renames a path over another one, symbolic links as they are.</summary>
    /// <param name="from">The path.</param>
    /// <param name="to">Its new name.</param>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Rename(string from, string to)
    {
        if (RenameCall(from, to) != 0)
        {
            throw new IOException($"{to} could not be replaced: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>Signals a process group. A group that is gone is no error.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="signal">The signal.</param>
    public static void SignalGroup(int group, int signal) => _ = KillCall(-group, signal);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameCall(string from, string to);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillCall(int process, int signal);
}
