using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>Who is at the other end of a Unix socket, as the kernel has it.</summary>
internal static class PeerCredentials
{
    private const int SocketLevel = 1;
    private const int PeerOption = 17;

    /// <summary>Whether the other end listens as this process's user. Where the kernel cannot be asked, the socket's folder, which is its owner's alone, has to do.</summary>
    public static bool IsSameUser(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerOption, credentials);

        // struct ucred: process, user, group.
        return BinaryPrimitives.ReadInt32LittleEndian(credentials[4..]) == OwnUser();
    }

    private static int OwnUser()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal));

        // Real, effective, saved, file system.
        return int.Parse(line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
    }
}
