using System.Text.Json.Serialization;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>The one line a plugin gets on its standard input.</summary>
/// <param name="Socket">Path of the Unix socket it is to listen at.</param>
/// <param name="Token">What its callers show as metadata <c>tarmak-token</c>.</param>
internal sealed record Greeting(string Socket, string Token)
{
    /// <inheritdoc/>
    public override string ToString() => $"greeting for {Socket}";
}

/// <summary>JSON form of the greeting.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetingJson : JsonSerializerContext;
