using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tarmak.Gateway.Listeners;

/// <summary>What <c>engine.json</c> says: where the loopback endpoint is, and which certificate it shows.</summary>
internal sealed partial record EndpointDescription
{
    [JsonPropertyName("pid")]
    public required int Pid { get; init; }

    [JsonPropertyName("version")]
    public required string Version { get; init; }

    [JsonPropertyName("endpoint")]
    public required string Endpoint { get; init; }

    [JsonPropertyName("certificate")]
    public required string Certificate { get; init; }

    public void WriteTo(string path) => PrivateFile.Write(path, JsonSerializer.Serialize(this, Json.Default.EndpointDescription));

    [JsonSerializable(typeof(EndpointDescription))]
    private sealed partial class Json : JsonSerializerContext;
}
