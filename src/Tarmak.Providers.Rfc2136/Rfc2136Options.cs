using System.Globalization;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Rfc2136;

/// <summary>Settings of a DNS server that takes dynamic updates.</summary>
/// <param name="Server">Address or host name of the zone's primary server.</param>
/// <param name="Port">Its port, for TCP.</param>
/// <param name="KeyFile">File of the transaction key; null: see <paramref name="KeyVariable"/>.</param>
/// <param name="KeyVariable">Environment variable that holds the transaction key; null where there is none.</param>
internal sealed record Rfc2136Options(string Server, int Port, string? KeyFile, string? KeyVariable)
{
    private const int DefaultPort = 53;

    /// <summary>Where it is, for people.</summary>
    public string Shown => string.Create(CultureInfo.InvariantCulture, $"{Server}:{Port}");

    /// <summary>Reads a manifest's settings.</summary>
    /// <exception cref="ProviderException">The server is missing or no address.</exception>
    public static Rfc2136Options Read(string provider, IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue(ProviderOptions.Server, out var server))
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {provider} names no DNS server; write spec.server as ns1.example.test or 192.0.2.1:53.");
        }

        var (host, port) = Split(server);
        return port is > 0 and <= ushort.MaxValue && host.Length > 0
            ? new Rfc2136Options(host, port, options.GetValueOrDefault(ProviderOptions.CredentialsFile), options.GetValueOrDefault(ProviderOptions.CredentialsVariable))
            : throw new ProviderException(ErrorClass.InvalidSpec, $"'{server}' of provider {provider} is no DNS server; write spec.server as ns1.example.test or 192.0.2.1:53.");
    }

    // [2001:db8::1]:53, 2001:db8::1, 192.0.2.1:53, ns1.example.test
    private static (string Host, int Port) Split(string server)
    {
        if (server.StartsWith('[') && server.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            var rest = server[(end + 1)..];
            return (server[1..end], rest.Length == 0 ? DefaultPort : rest[0] == ':' ? PortOf(rest[1..]) : 0);
        }

        return server.Split(':') is [var host, var port] ? (host, PortOf(port)) : (server, DefaultPort);
    }

    private static int PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
}
