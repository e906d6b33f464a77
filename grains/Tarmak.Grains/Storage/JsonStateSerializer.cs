using System.Text.Json;
using Orleans.Storage;

namespace Tarmak.Grains.Storage;

/// <summary>Grain state as plain JSON without type names: readable with <c>sqlite3</c>, and nothing in it picks a type to load.</summary>
internal sealed class JsonStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T Deserialize<T>(BinaryData input) =>
        JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options)
        ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");
}
