using System.Globalization;

namespace Tarmak.Cli.Engine;

/// <summary>What the system says of a process.</summary>
internal static class ProcessTable
{
    /// <summary>Whether the process runs. One that has ended and that nobody has collected does not.</summary>
    /// <param name="pid">Process id.</param>
    public static bool IsAlive(int pid)
    {
        if (LibC.Kill(pid, 0) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == 3)
        {
            return false;
        }

        var stat = ReadProc(pid, "stat");
        return stat is null
            ? !Directory.Exists("/proc/self")
            : !stat[(stat.LastIndexOf(')') + 1)..].TrimStart().StartsWith('Z');
    }

    /// <summary>Whether the command line of the process names this text; true where the system does not show it.</summary>
    /// <param name="pid">Process id.</param>
    /// <param name="text">The text.</param>
    public static bool CommandNames(int pid, string text) =>
        ReadProc(pid, "cmdline") is not { } command ? !Directory.Exists("/proc/self") : command.Contains(text, StringComparison.Ordinal);

    private static string? ReadProc(int pid, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
