using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>JSON form of <c>plugin.json</c>. Its types have setters, because generated code gives what is left out of an init-only member its type's default.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(PluginFile))]
internal sealed partial class PluginJson : JsonSerializerContext;
