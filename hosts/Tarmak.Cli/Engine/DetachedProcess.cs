using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tarmak.Cli.Engine;

/// <summary>A process in a session of its own: the end of this command, its terminal or its process group does not reach it.</summary>
internal sealed class DetachedProcess
{
    // posix_spawn's structures are opaque and differ by system; the largest known takes 336 bytes.
    private const int OpaqueSize = 1024;
    private const int WithoutWaiting = 1;
    private const int WriteOnly = 1;

    private DetachedProcess(int pid) => Pid = pid;

    /// <summary>The process id.</summary>
    public int Pid { get; }

    private static int Append => OperatingSystem.IsMacOS() ? 0x8 : 0x400;

    /// <summary>Starts a program with nothing to read and everything it prints appended to a file that exists.</summary>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="log">File for both its streams.</param>
    /// <param name="directory">Working directory.</param>
    public static DetachedProcess Start(string program, IReadOnlyList<string> arguments, string log, string directory)
    {
        var actions = Marshal.AllocHGlobal(OpaqueSize);
        var attributes = Marshal.AllocHGlobal(OpaqueSize);
        using var argv = new CStrings([program, .. arguments]);
        using var environment = new CStrings(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}"));
        try
        {
            Check(LibC.FileActionsInit(actions));
            Check(LibC.AttributesInit(attributes));
            Check(LibC.FileActionsAddOpen(actions, 0, "/dev/null", 0, 0));
            Check(LibC.FileActionsAddOpen(actions, 1, log, WriteOnly | Append, 0));
            Check(LibC.FileActionsAddDup2(actions, 1, 2));
            LeaveNothingBehind(actions, directory);
            Check(LibC.AttributesSetFlags(attributes, LibC.SpawnInOwnSession));
            Check(LibC.PosixSpawn(out var pid, program, actions, attributes, argv.Pointers, environment.Pointers));
            return new DetachedProcess(pid);
        }
        finally
        {
            _ = LibC.FileActionsDestroy(actions);
            _ = LibC.AttributesDestroy(attributes);
            Marshal.FreeHGlobal(actions);
            Marshal.FreeHGlobal(attributes);
        }
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded() => LibC.WaitPid(Pid, out _, WithoutWaiting) != 0;

    // A pipe this command inherited would stay open as long as the engine runs, and its reader would wait for ever;
    // a working directory would keep a file system busy. Both calls are younger than the systems this may run on.
    private static void LeaveNothingBehind(nint actions, string directory)
    {
        try
        {
            Check(LibC.FileActionsAddChangeDirectory(actions, directory));
            Check(LibC.FileActionsAddCloseFrom(actions, 3));
        }
        catch (EntryPointNotFoundException)
        {
            // An older C library: descriptors of this program close by themselves, only foreign ones stay open.
            return;
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }
}
