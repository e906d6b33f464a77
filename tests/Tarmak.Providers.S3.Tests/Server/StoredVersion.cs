namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>A version of an object.</summary>
/// <param name="Id">Its id; <c>null</c> as text where the bucket keeps no versions.</param>
/// <param name="Content">Its content; null for a mark of a deletion.</param>
internal sealed record StoredVersion(string Id, byte[]? Content)
{
#pragma warning disable CA5351 // An entity tag of S3 is an MD5 hash; nothing is protected by it.
    public string ETag => $"\"{Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Content ?? []))}\"";
#pragma warning restore CA5351
}
