using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Tarmak.Gateway.Listeners;

namespace Tarmak.Gateway.Operators;

/// <summary>Says who called, for the audit log.</summary>
internal static class Caller
{
    // SOL_SOCKET and SO_PEERCRED of Linux; the answer is pid, uid, gid.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    public static string Of(HttpContext context)
    {
        if (context.Features.Get<OperatorChannel>() is not { Kind: OperatorChannelKind.Socket })
        {
            return "token operator";
        }

        return context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && OperatingSystem.IsLinux() && Uid(socket) is { } uid
            ? string.Create(CultureInfo.InvariantCulture, $"uid {uid}")
            : "socket";
    }

    private static int? Uid(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == credentials.Length
                ? BinaryPrimitives.ReadInt32LittleEndian(credentials[4..])
                : null;
        }
        catch (SocketException)
        {
            // The peer is gone already; the command it sent is still recorded, without its number.
            return null;
        }
    }
}
