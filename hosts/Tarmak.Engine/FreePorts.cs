using System.Net;
using System.Net.Sockets;

namespace Tarmak.Engine;

/// <summary>Ports nobody listens on, for what must know its port before it listens.</summary>
internal static class FreePorts
{
    public static int Take()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
