using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Serialization;

/// <summary>JSON of the model: camelCase, enumerations as text, nothing written for null. Works trimmed and native.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = false)]
[JsonSerializable(typeof(ProviderManifest))]
[JsonSerializable(typeof(EnvironmentManifest))]
[JsonSerializable(typeof(ClusterManifest))]
[JsonSerializable(typeof(ManifestMetadata))]
[JsonSerializable(typeof(ProviderSpec))]
[JsonSerializable(typeof(EnvironmentSpec))]
[JsonSerializable(typeof(ClusterSpec))]
[JsonSerializable(typeof(InstancePoolSpec))]
[JsonSerializable(typeof(ResourceKey))]
[JsonSerializable(typeof(ManifestProblem))]
[JsonSerializable(typeof(RequiredConsent))]
[JsonSerializable(typeof(FieldChange))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class ModelJson : JsonSerializerContext;
