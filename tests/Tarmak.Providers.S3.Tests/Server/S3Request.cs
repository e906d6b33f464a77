namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>A request as the protocol has it, its signature checked.</summary>
/// <param name="Account">Who asks.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Bucket">The bucket; empty where none is addressed.</param>
/// <param name="Key">The object; empty where none is addressed.</param>
/// <param name="Query">The query's parameters.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The content.</param>
internal sealed record S3Request(
    string Account, string Method, string Bucket, string Key, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Whether it would change something.</summary>
    public bool Changes => Method is "PUT" or "DELETE";
}
