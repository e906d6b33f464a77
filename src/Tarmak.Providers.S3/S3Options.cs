using System.Net;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.S3;

/// <summary>Settings of an S3-compatible server.</summary>
/// <param name="Server">Its address, without a path.</param>
/// <param name="Region">The region requests are signed for.</param>
/// <param name="CredentialsFile">File of the access key; null: see <paramref name="CredentialsVariable"/>.</param>
/// <param name="CredentialsVariable">Environment variable that holds the access key; null where there is none.</param>
internal sealed record S3Options(Uri Server, string Region, string? CredentialsFile, string? CredentialsVariable)
{
    // What servers that know no regions are configured with.
    private const string DefaultRegion = "us-east-1";

    /// <summary>Where it is, for people.</summary>
    public string Shown => Server.Authority;

    /// <summary>Reads a manifest's settings.</summary>
    /// <exception cref="ProviderException">The server is missing, no address, or would be spoken to in the clear.</exception>
    public static S3Options Read(string provider, IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue(ProviderOptions.Server, out var text))
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {provider} names no S3 server; write spec.server as https://s3.example.test.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http") || server.Host.Length == 0
            || server.PathAndQuery != "/" || server.UserInfo.Length > 0 || server.Fragment.Length > 0)
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"'{text}' of provider {provider} is no S3 server; write spec.server as https://s3.example.test or https://s3.example.test:9000.");
        }

        return server.Scheme == "https" || IsLoopback(server)
            ? new S3Options(
                server, options.GetValueOrDefault(ProviderOptions.Region, DefaultRegion),
                options.GetValueOrDefault(ProviderOptions.CredentialsFile), options.GetValueOrDefault(ProviderOptions.CredentialsVariable))
            : throw new ProviderException(
                ErrorClass.InvalidSpec, $"'{text}' of provider {provider} would send what is stored there in the clear; write spec.server with https. Only a server on this machine (127.0.0.1, ::1, localhost) may be spoken to by http.");
    }

    // Uri.IsLoopback also takes the machine's own name, which need not lead to itself.
    private static bool IsLoopback(Uri server) =>
        server.Host == "localhost" || (IPAddress.TryParse(server.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
