using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tarmak.Providers.Container.Edges;

/// <summary>The loopback ports of an edge: DNS, one that stays free, relay, and the rest for balancers.</summary>
/// <param name="First">First port.</param>
/// <param name="Last">Last port.</param>
internal sealed record PortBlock(int First, int Last)
{
    /// <summary>Ports an edge takes where the manifest names none.</summary>
    public const int Size = 16;

    public int Dns => First;

    public int Relay => First + 2;

    public int FirstBalancer => First + 3;

    /// <summary>Ports that balancers may take.</summary>
    public IEnumerable<int> Balancers => Enumerable.Range(FirstBalancer, Last - FirstBalancer + 1);

    /// <summary>Reads <c>first-last</c>.</summary>
    public static PortBlock? Parse(string? text) =>
        text?.Split('-') is [var first, var last]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && from is > 0 and <= ushort.MaxValue && to is > 0 and <= ushort.MaxValue && to - from >= 3
            ? new PortBlock(from, to)
            : null;

    /// <summary>Whether they have a port in common.</summary>
    public bool Overlaps(PortBlock other) => First <= other.Last && other.First <= Last;

    /// <summary>The first block from a port on in which nobody listens and that nobody has recorded; null where there is none.</summary>
    public static PortBlock? FindFree(IReadOnlyCollection<PortBlock> recorded, Func<PortBlock, int?> taken)
    {
        for (var first = ContainerOptions.FirstPort; first + Size <= 30000; first += Size)
        {
            var block = new PortBlock(first, first + Size - 1);
            if (!recorded.Any(block.Overlaps) && taken(block) is null)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>The first port of a block on which somebody listens on loopback; null where all are free.</summary>
    public static int? FirstTaken(PortBlock block) => FirstTaken(block, null);

    /// <summary>The same without asking after the ports of a block that is the asker's own already.</summary>
    public static int? FirstTaken(PortBlock block, PortBlock? own)
    {
        for (var port = block.First; port <= block.Last; port++)
        {
            if (port >= own?.First && port <= own.Last)
            {
                continue;
            }

            if (!CanBind(port, SocketType.Stream, ProtocolType.Tcp) || (port == block.Dns && !CanBind(port, SocketType.Dgram, ProtocolType.Udp)))
            {
                return port;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool CanBind(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
