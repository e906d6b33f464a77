using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>A request ended midway; what became of its documents travels with the cause to the edge of the contract.</summary>
internal sealed class UnfinishedException(IReadOnlyList<V1.DocumentResult> documents, Exception cause)
    : Exception("The request ended midway.", cause)
{
    public IReadOnlyList<V1.DocumentResult> Documents { get; } = documents;
}
