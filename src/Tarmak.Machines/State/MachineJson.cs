using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tarmak.Machines.State;

/// <summary>JSON form of machine states: readable, versioned, written and read by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(MachineState))]
public sealed partial class MachineJson : JsonSerializerContext
{
    /// <summary>Writes a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Its JSON.</returns>
    public static string Write(MachineState state) => JsonSerializer.Serialize(state, Default.MachineState);

    /// <summary>Reads a state of this or an earlier schema; what is returned is of this one.</summary>
    /// <param name="json">JSON that a released version wrote.</param>
    /// <returns>The state.</returns>
    /// <exception cref="JsonException">The text is no machine state, or of a newer schema than this program knows.</exception>
    public static MachineState Read(string json)
    {
        var state = JsonSerializer.Deserialize(json, Default.MachineState)
            ?? throw new JsonException("Expected a machine state, found null.");
        return state.Schema <= State.MachineState.CurrentSchema
            ? state with { Schema = State.MachineState.CurrentSchema }
            : throw new JsonException(
                $"{state.Address} was written with state schema {state.Schema}; this program knows up to {State.MachineState.CurrentSchema}. Start a newer engine.");
    }
}
