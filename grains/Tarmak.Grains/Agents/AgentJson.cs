using System.Text.Json.Serialization;

namespace Tarmak.Grains.Agents;

/// <summary>JSON form of the lists inside the directory's rows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<ResourceChange>))]
internal sealed partial class AgentJson : JsonSerializerContext;
