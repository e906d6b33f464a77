using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Tarmak.Gateway.Listeners;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 on one listener without TLS. Kestrel chooses between them by what TLS negotiated; here
/// the client's first bytes tell, because HTTP/2 begins with a preface that no HTTP/1.1 request can be.
/// </summary>
internal static class SocketProtocols
{
    // The rest of the preface is checked by whoever reads it next.
    private static readonly byte[] Preface = "PRI * HTTP/2.0"u8.ToArray();

    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        if (await BeginsWithPrefaceAsync(connection))
        {
            connection.Features.Set<ITlsConnectionFeature>(Negotiated.Http2);
            connection.Features.Set<ITlsApplicationProtocolFeature>(Negotiated.Http2);
        }

        await next(connection);
    };

    private static async Task<bool> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        while (true)
        {
            var result = await connection.Transport.Input.ReadAsync(connection.ConnectionClosed);
            var (decided, answer) = Judge(result.Buffer);
            if (decided || result.IsCompleted)
            {
                // Nothing is consumed; the HTTP connection reads the same bytes again.
                connection.Transport.Input.AdvanceTo(result.Buffer.Start);
                return answer;
            }

            connection.Transport.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static (bool Decided, bool Answer) Judge(ReadOnlySequence<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> begin = stackalloc byte[length];
        buffer.Slice(0, length).CopyTo(begin);
        var matches = begin.SequenceEqual(Preface.AsSpan(0, length));
        return (!matches || length == Preface.Length, matches && length == Preface.Length);
    }

    private sealed class Negotiated : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public static Negotiated Http2 { get; } = new();

        public X509Certificate2? ClientCertificate
        {
            get => null;
            set => throw new NotSupportedException("There is no TLS on this listener.");
        }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
