using System.Text.Json.Serialization;
using Tarmak.Agent.Bundles;
using Tarmak.Agent.Configuration;
using Tarmak.Agent.Relay;
using Tarmak.Agent.Running;

namespace Tarmak.Agent;

/// <summary>The agent's JSON forms, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(RelaySettings))]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(InstanceData))]
[JsonSerializable(typeof(PuppetReport))]
internal sealed partial class AgentJson : JsonSerializerContext;
