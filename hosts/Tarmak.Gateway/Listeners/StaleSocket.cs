using System.Net.Sockets;

namespace Tarmak.Gateway.Listeners;

/// <summary>Makes room for the socket: that of a dead engine goes, that of a living one stays and is an error.</summary>
internal static class StaleSocket
{
    public static void Remove(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Another engine answers on {path}.");
    }
}
