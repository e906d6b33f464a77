using System.Text.Json;
using System.Text.Json.Serialization;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Serialization;

/// <summary>Writes a range of ports as <c>first-last</c>.</summary>
public sealed class PortRangeConverter : JsonConverter<PortRange>
{
    /// <inheritdoc/>
    public override PortRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PortRange.TryParse(reader.GetString(), out var range)
            ? range
            : throw new JsonException("A range of ports is written as first-last.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PortRange value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
