using System.Net.Sockets;
using Grpc.Net.Client;

namespace Tarmak.Cli.Engine;

/// <summary>A connection to the engine over the socket in its home.</summary>
internal sealed class EngineConnection : IDisposable
{
    private const int LargestMessage = 64 * 1024 * 1024;
    private readonly GrpcChannel _channel;

    /// <summary>Prepares the connection; it is opened by the first call.</summary>
    /// <param name="home">The engine's home.</param>
    public EngineConnection(EngineHome home)
    {
        var endpoint = new UnixDomainSocketEndPoint(home.Socket);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            // A stream that says nothing must still be noticed when the engine is gone without a word.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endpoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
            MaxSendMessageSize = LargestMessage,
        });
        Client = new TarmakClient(_channel);
    }

    /// <summary>The typed client.</summary>
    public TarmakClient Client { get; }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
