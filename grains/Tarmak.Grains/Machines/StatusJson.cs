using System.Text.Json;
using System.Text.Json.Serialization;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Machines;

/// <summary>Packs statuses into messages.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChildStatus))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    public static StatusMessage Pack(ChildStatus status) => new(JsonSerializer.Serialize(status, Default.ChildStatus));

    public static ChildStatus Unpack(StatusMessage message) =>
        JsonSerializer.Deserialize(message.Json, Default.ChildStatus) ?? throw new JsonException("Expected a status, found null.");
}
