using Tarmak.Grains.Abstractions;
using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>What a request asks for one document.</summary>
/// <param name="Key">The resource.</param>
/// <param name="Id">Id of the request and the document within it.</param>
/// <param name="Accept">Has it accepted or refused.</param>
internal sealed record DocumentCommand(ResourceKey Key, string Id, Func<Task<AcceptResult>> Accept);
