using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>Ids of requests and of the documents in them.</summary>
internal static class RequestIds
{
    private const int MostCharacters = 128;

    /// <summary>The caller's id, or a fresh one for a caller that does not mean to repeat.</summary>
    /// <exception cref="Grpc.Core.RpcException">The id is too long.</exception>
    public static string Of(string requestId) => requestId.Length switch
    {
        0 => Guid.NewGuid().ToString("N"),
        > MostCharacters => throw Refusal.InvalidArgument($"The request id has {requestId.Length} characters; give at most {MostCharacters}."),
        _ => requestId,
    };

    /// <summary>Id of one document of a request.</summary>
    public static string Of(string requestId, ResourceKey key) => $"{requestId}/{KindNames.Of(key.Kind)}/{key.Path}";
}
