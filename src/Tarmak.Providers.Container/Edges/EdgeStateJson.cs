using System.Text.Json.Serialization;

namespace Tarmak.Providers.Container.Edges;

/// <summary>JSON form of an edge's state.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EdgeState))]
internal sealed partial class EdgeStateJson : JsonSerializerContext;
