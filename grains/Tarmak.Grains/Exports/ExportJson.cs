using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tarmak.Grains.Exports;

/// <summary>JSON form of exports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportIndex))]
[JsonSerializable(typeof(ExportContent))]
internal sealed partial class ExportJson : JsonSerializerContext;
