using System.Net.Sockets;
using System.Text;

namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>
/// Stands between the engine under test and the container engine's socket, and counts the calls that change
/// something. At a chosen call it lets a trap go: before the call is forwarded, or after it was answered and with
/// the answer withheld.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly string target;
    private readonly Socket listener;
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> calls = [];
    private Trap? trap;

    public CountingProxy(string target)
    {
        this.target = target;
        SocketPath = Path.Combine(Directory.CreateTempSubdirectory("tarmak-proxy-").FullName, "engine.sock");
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(128);
        _ = AcceptAsync();
    }

    public string SocketPath { get; }

    /// <summary>Whether streams of events are cut off, so that nobody hears of anything.</summary>
    public bool Deafens { get; init; }

    /// <summary>The changing calls so far, as <c>METHOD path</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (calls)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>Sets the trap for the k-th changing call from now, from 1.</summary>
    public Trap Set(int callNumber, bool before, Func<Task> spring)
    {
        lock (calls)
        {
            calls.Clear();
            return trap = new Trap(callNumber, before, spring);
        }
    }

    public void Clear()
    {
        lock (calls)
        {
            calls.Clear();
            trap = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Directory.Delete(Path.GetDirectoryName(SocketPath)!, recursive: true);
    }

    private static async Task<bool> CopyBodyAsync(Reader from, NetworkStream to, string head, CancellationToken token)
    {
        // Docker.DotNet ends header lines by a bare LF.
        var headers = head.Split('\n').Skip(1).Where(l => l.Contains(':', StringComparison.Ordinal))
            .ToLookup(l => l.Split(':', 2)[0].Trim(), l => l.Split(':', 2)[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (headers["Upgrade"].Any())
        {
            return false;
        }

        if (headers["Transfer-Encoding"].Any(v => v.Contains("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            while (true)
            {
                var line = await from.LineAsync(token);
                await to.WriteAsync(line, token);
                var size = Convert.ToInt32(Encoding.ASCII.GetString(line).Split(';')[0].Trim(), 16);
                await from.CopyAsync(to, size + 2, token);
                if (size == 0)
                {
                    return true;
                }
            }
        }

        if (headers["Content-Length"].FirstOrDefault() is { } length)
        {
            await from.CopyAsync(to, long.Parse(length, System.Globalization.CultureInfo.InvariantCulture), token);
        }

        return true;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var client = await listener.AcceptAsync(stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The proxy was disposed of.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var clientStream = new NetworkStream(client, ownsSocket: true);
        var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(target), stop.Token);
            using var serverStream = new NetworkStream(server, ownsSocket: true);
            var gate = new Gate();
            using var session = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var answers = CopyAnswersAsync(serverStream, clientStream, gate, session);
            await CopyRequestsAsync(new Reader(clientStream), serverStream, gate, session.Token);
            await answers;
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or SocketException or EndOfStreamException)
        {
            // Either side hung up, as it may at any time; the other one is told by the closing of its stream.
        }
    }

    private async Task CopyRequestsAsync(Reader client, NetworkStream server, Gate gate, CancellationToken token)
    {
        while (await client.HeadAsync(token) is { } head)
        {
            var line = head.Split('\n', 2)[0].TrimEnd();
            if (Deafens && line.StartsWith("GET", StringComparison.Ordinal) && line.Contains("/events", StringComparison.Ordinal))
            {
                throw new IOException("Events are cut off.");
            }

            var changing = line.StartsWith("POST", StringComparison.Ordinal) || line.StartsWith("PUT", StringComparison.Ordinal) || line.StartsWith("DELETE", StringComparison.Ordinal);
            Trap? mine = null;
            if (changing)
            {
                lock (calls)
                {
                    calls.Add(line);
                    mine = trap is { Sprung: false } set && calls.Count == set.CallNumber ? set : null;
                }
            }

            if (mine is { Before: true })
            {
                await mine.SpringAsync(line);
                return;
            }

            if (mine is not null)
            {
                gate.Withhold(() => mine.SpringAsync(line));
            }

            await server.WriteAsync(Encoding.ASCII.GetBytes(head), token);
            if (!await CopyBodyAsync(client, server, head, token))
            {
                await client.CopyToEndAsync(server, token);
                return;
            }
        }

        server.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task CopyAnswersAsync(NetworkStream server, NetworkStream client, Gate gate, CancellationTokenSource session)
    {
        var buffer = new byte[65536];
        try
        {
            while (await server.ReadAsync(buffer, session.Token) is var read and > 0)
            {
                if (gate.Withheld is { } spring)
                {
                    await spring();
                    return;
                }

                await client.WriteAsync(buffer.AsMemory(0, read), session.Token);
            }
        }
        finally
        {
            await session.CancelAsync();
            client.Close();
        }
    }

    private sealed class Gate
    {
        public Func<Task>? Withheld { get; private set; }

        public void Withhold(Func<Task> spring) => Withheld = spring;
    }

    private sealed class Reader(NetworkStream stream)
    {
        private readonly byte[] buffer = new byte[65536];
        private int start;
        private int end;

        public async Task<string?> HeadAsync(CancellationToken token)
        {
            var text = new StringBuilder();
            while (true)
            {
                var line = await TryLineAsync(token);
                if (line is null)
                {
                    return text.Length == 0 ? null : throw new EndOfStreamException();
                }

                text.Append(Encoding.ASCII.GetString(line));
                if (line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'])
                {
                    return text.ToString();
                }
            }
        }

        public async Task<byte[]> LineAsync(CancellationToken token) => await TryLineAsync(token) ?? throw new EndOfStreamException();

        public async Task CopyAsync(NetworkStream to, long count, CancellationToken token)
        {
            while (count > 0)
            {
                if (start == end && !await FillAsync(token))
                {
                    throw new EndOfStreamException();
                }

                var part = (int)Math.Min(count, end - start);
                await to.WriteAsync(buffer.AsMemory(start, part), token);
                start += part;
                count -= part;
            }
        }

        public async Task CopyToEndAsync(NetworkStream to, CancellationToken token)
        {
            do
            {
                await to.WriteAsync(buffer.AsMemory(start, end - start), token);
                start = end;
            }
            while (await FillAsync(token));
            to.Socket.Shutdown(SocketShutdown.Send);
        }

        private async Task<byte[]?> TryLineAsync(CancellationToken token)
        {
            using var line = new MemoryStream();
            while (true)
            {
                if (start == end && !await FillAsync(token))
                {
                    return line.Length == 0 ? null : throw new EndOfStreamException();
                }

                var one = buffer[start++];
                line.WriteByte(one);
                if (one == (byte)'\n')
                {
                    return line.ToArray();
                }
            }
        }

        private async Task<bool> FillAsync(CancellationToken token)
        {
            start = 0;
            end = await stream.ReadAsync(buffer, token);
            return end > 0;
        }
    }
}
