using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Instances;

namespace Tarmak.Machines;

/// <summary>JSON form of what composite machines are asked for. Equal values give equal text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(EnvironmentDesired))]
[JsonSerializable(typeof(ClusterDesired))]
[JsonSerializable(typeof(ClusterOutputs))]
[JsonSerializable(typeof(InstancePoolDesired))]
[JsonSerializable(typeof(InstanceDesired))]
public sealed partial class DesiredJson : JsonSerializerContext
{
    /// <summary>Writes a wish.</summary>
    /// <typeparam name="T">One of the types of this context.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Its canonical text.</returns>
    public static string Write<T>(T value)
        where T : class => JsonSerializer.Serialize(value, Info<T>());

    /// <summary>Reads a wish.</summary>
    /// <typeparam name="T">One of the types of this context.</typeparam>
    /// <param name="json">Text that <see cref="Write{T}"/> wrote.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The text is not of this type.</exception>
    public static T Read<T>(string json)
        where T : class =>
        JsonSerializer.Deserialize(json, Info<T>()) ?? throw new JsonException($"Expected {typeof(T).Name}, found null.");

    private static JsonTypeInfo<T> Info<T>() =>
        (JsonTypeInfo<T>?)Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} is not known here.");
}
