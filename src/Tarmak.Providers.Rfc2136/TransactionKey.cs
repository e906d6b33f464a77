using System.Text.RegularExpressions;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Rfc2136;

/// <summary>A key that signs transactions with a DNS server (TSIG, RFC 8945). It prints as its name only.</summary>
internal sealed partial class TransactionKey
{
    // What a server takes for the same moment; the RFC's own recommendation.
    private static readonly TimeSpan Fudge = TimeSpan.FromMinutes(5);

    private readonly byte[] secret;

    private TransactionKey(string name, TSigAlgorithm algorithm, byte[] secret)
    {
        Name = name;
        Algorithm = algorithm;
        this.secret = secret;
    }

    public string Name { get; }

    public TSigAlgorithm Algorithm { get; }

    /// <summary>Reads the key where the settings say it is, each time anew: a key that was changed is taken up at the next call.</summary>
    /// <returns>The key, or null where none is named.</returns>
    /// <exception cref="ProviderException">It cannot be read, or is none. The message holds nothing of it.</exception>
    public static async Task<TransactionKey?> ReadAsync(Rfc2136Options options, CancellationToken cancellationToken)
    {
        if (options.KeyFile is { } file)
        {
            try
            {
                return Parse(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false), $"The file {file}");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw new ProviderException(ErrorClass.Unauthenticated, $"The transaction key of DNS server {options.Shown} cannot be read: {unreadable.Message}", unreadable);
            }
        }

        return options.KeyVariable is not { } variable ? null
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Parse(text, $"The environment variable {variable}")
            : throw new ProviderException(ErrorClass.Unauthenticated, $"The environment variable {variable} with the transaction key of DNS server {options.Shown} is not set.");
    }

    /// <summary>Reads a key as BIND writes it: <c>key "name" { algorithm hmac-sha256; secret "…"; };</c>.</summary>
    /// <exception cref="ProviderException">It is none.</exception>
    internal static TransactionKey Parse(string text, string where)
    {
        var match = KeyPattern().Match(text);
        var algorithm = match.Groups["algorithm"].Value.ToLowerInvariant() switch
        {
            "hmac-sha256" => TSigAlgorithm.Sha256,
            "hmac-sha384" => TSigAlgorithm.Sha384,
            "hmac-sha512" => TSigAlgorithm.Sha512,
            _ => TSigAlgorithm.Unknown,
        };
        var secret = new byte[match.Groups["secret"].Length];
        return match.Success && algorithm != TSigAlgorithm.Unknown && Convert.TryFromBase64String(match.Groups["secret"].Value, secret, out var length) && length > 0
            ? new TransactionKey(match.Groups["name"].Value, algorithm, secret[..length])
            : throw new ProviderException(
                ErrorClass.Unauthenticated,
                $"{where} holds no transaction key; write it as BIND does: key \"tarmak\" {{ algorithm hmac-sha256; secret \"BASE64\"; }}; with hmac-sha256, -sha384 or -sha512.");
    }

    /// <summary>Signs a message.</summary>
    public void Sign(DnsMessageBase message, DateTimeOffset now) =>
        message.TSigOptions = new TSigRecord(DomainName.Parse(Name), Algorithm, now.UtcDateTime, Fudge, message.TransactionID, ReturnCode.NoError, null, secret);

    public override string ToString() => $"key {Name}";

    [GeneratedRegex("""key\s+"?(?<name>[A-Za-z0-9._-]+)"?\s*\{\s*algorithm\s+"?(?<algorithm>[A-Za-z0-9-]+)"?\s*;\s*secret\s+"?(?<secret>[A-Za-z0-9+/=]+)"?\s*;\s*\}\s*;""")]
    private static partial Regex KeyPattern();
}
