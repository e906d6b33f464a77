using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>Checks signatures of version 4, as AWS describes them for S3.</summary>
internal static class S3Signature
{
    /// <summary>Whether a request is signed with a secret.</summary>
    /// <param name="authorization">The parts of the Authorization header.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path as it was sent.</param>
    /// <param name="query">The query as it was sent.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="body">The content.</param>
    public static bool IsRight(
        IReadOnlyDictionary<string, string> authorization, string secret, string method, string path, string query, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var hash = headers["x-amz-content-sha256"];
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            return false;
        }

        var signed = authorization["SignedHeaders"];
        var canonicalQuery = string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal));
        var canonicalHeaders = string.Concat(signed.Split(';').Select(h => $"{h}:{headers[h].Trim()}\n"));
        var canonical = $"{method}\n{path}\n{canonicalQuery}\n{canonicalHeaders}\n{signed}\n{hash}";

        var scope = authorization["Credential"].Split('/', 2)[1];
        var text = $"AWS4-HMAC-SHA256\n{headers["x-amz-date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == authorization["Signature"];
    }
}
