using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Storage;
using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>What documents of a repeated request were answered before.</summary>
internal sealed class Answers(IAnsweredRequests requests)
{
    public async Task<Dictionary<ResourceKey, AcceptResult>> FindAsync(
        IEnumerable<ResourceKey> keys, Func<ResourceKey, string> documentId, CancellationToken cancellationToken)
    {
        Dictionary<ResourceKey, AcceptResult> found = [];
        foreach (var key in keys)
        {
            if (await requests.FindAsync(documentId(key), cancellationToken) is { } answered)
            {
                found[key] = answered.ToResult();
            }
        }

        return found;
    }

    /// <summary>Remembers an answer that changed nothing.</summary>
    public async Task<AcceptResult> RememberAsync(string documentId, AcceptResult result, CancellationToken cancellationToken)
    {
        await requests.RememberAsync(new AnsweredRequest { RequestId = documentId, Action = result.Action, Generation = result.Generation }, cancellationToken);
        return result;
    }
}
