using System.Text.Json.Serialization;

namespace Tarmak.Providers.Container.Edges;

/// <summary>The relay's settings file.</summary>
/// <param name="EngineListen">Where engines dial in.</param>
/// <param name="AgentListen">Where agents dial in.</param>
/// <param name="AuthorityCertificate">PEM of the engine's authority.</param>
internal sealed record RelaySettings(string EngineListen, string AgentListen, string AuthorityCertificate);

/// <summary>JSON form of <see cref="RelaySettings"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RelaySettings))]
internal sealed partial class RelaySettingsJson : JsonSerializerContext;
