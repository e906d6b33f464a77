using System.Text.Json.Serialization;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Container.Machines;

/// <summary>The agent's settings file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FirstBoot))]
internal sealed partial class FirstBootJson : JsonSerializerContext;
