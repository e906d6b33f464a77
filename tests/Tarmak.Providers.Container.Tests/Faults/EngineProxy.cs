using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tarmak.Providers.Container.Tests.Faults;

/// <summary>
/// A socket between a provider and its container engine that loses, breaks and delays replies by a rule. A connection carries one
/// call: the client asks the engine to close it after each.
/// </summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly CancellationTokenSource end = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string? engine;
    private readonly EngineRule rule;
    private readonly Task accepting;
    private int met;

    /// <summary>Listens.</summary>
    /// <param name="engine">The engine's socket; null where no call is to reach one.</param>
    /// <param name="rule">What becomes of calls.</param>
    public EngineProxy(string? engine, EngineRule rule)
    {
        (this.engine, this.rule) = (engine, rule);
        var path = Path.Combine(folder.Path, "engine.sock");
        Address = $"unix://{path}";
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Where it answers, as a provider is told it.</summary>
    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        await accepting;
        end.Dispose();
        folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> calls = [];
        try
        {
            while (true)
            {
                calls.Add(ServeAsync(await listener.AcceptAsync(end.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the proxy; what is under way is cut off.
        }

        await Task.WhenAll(calls);
    }

    private async Task ServeAsync(Socket accepted)
    {
        await using var client = new NetworkStream(accepted, ownsSocket: true);
        try
        {
            var head = await HeadAsync(client);
            if (head.Length > 0)
            {
                await AnswerAsync(client, head, ReplyTo(Encoding.ASCII.GetString(head).Split(' ', 2)[0]));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // One of the two hung up, or the proxy ends: there is nobody to tell.
        }
    }

    private EngineReply ReplyTo(string method)
    {
        if (rule.OfChanges && !EngineRule.Changes(method))
        {
            return EngineReply.Sound;
        }

        var number = Interlocked.Increment(ref met);
        return rule.Number is { } one && one != number ? EngineReply.Sound : rule.Reply;
    }

    private async Task AnswerAsync(NetworkStream client, byte[] head, EngineReply reply)
    {
        switch (reply)
        {
            case EngineReply.Never:
                await Task.Delay(Timeout.Infinite, end.Token);
                break;
            case EngineReply.NoHttp:
                await LastAsync(client, "\0\u0001\u0002 this is no engine\r\n\r\n"u8.ToArray());
                break;
            case EngineReply.Refused:
                var text = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)rule.Status} {rule.Status}\r\nContent-Type: application/json\r\nContent-Length: {rule.Body.Length}\r\nConnection: close\r\n\r\n{rule.Body}");
                await LastAsync(client, Encoding.ASCII.GetBytes(text));
                break;
            default:
                await PassAsync(client, head, reply);
                break;
        }
    }

    /// <summary>Answers without having read the call's body: hung up on at once, a client would not get the answer.</summary>
    private async Task LastAsync(NetworkStream client, byte[] answer)
    {
        await client.WriteAsync(answer, end.Token);
        client.Socket.Shutdown(SocketShutdown.Send);
        await client.CopyToAsync(Stream.Null, end.Token);
    }

    private async Task PassAsync(NetworkStream client, byte[] head, EngineReply reply)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine ?? throw new InvalidOperationException("No engine is behind this proxy.")), end.Token);
        await using var backend = new NetworkStream(socket);
        await backend.WriteAsync(head, end.Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var asking = CopyAsync(client, backend, answered.Token);
        if (reply == EngineReply.Sound)
        {
            await backend.CopyToAsync(client, end.Token);
        }
        else
        {
            using var whole = new MemoryStream();
            await backend.CopyToAsync(whole, end.Token);
            var sent = reply == EngineReply.CutOff ? (int)whole.Length - Math.Max(1, BodyLength(whole) / 2) : 0;
            await client.WriteAsync(whole.GetBuffer().AsMemory(0, sent), end.Token);
        }

        await answered.CancelAsync();
        await asking;
    }

    private static int BodyLength(MemoryStream reply) =>
        (int)reply.Length - (reply.GetBuffer().AsSpan(0, (int)reply.Length).IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : (int)reply.Length);

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, cancellationToken);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // The other direction tells how the call ends.
        }
    }

    /// <summary>All up to the end of a call's head; what of its body came with it is passed on with it.</summary>
    private async Task<byte[]> HeadAsync(NetworkStream client)
    {
        using var head = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await client.ReadAsync(buffer, end.Token) is > 0 and var read)
        {
            head.Write(buffer, 0, read);
            // The client ends the lines of its headers with a line feed alone.
            if (head.GetBuffer().AsSpan(0, (int)head.Length).IndexOf("\n\r\n"u8) >= 0)
            {
                return head.ToArray();
            }
        }

        return [];
    }
}
