using System.Text.Json;
using Tarmak.Model.Resources;
using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>The outputs a plugin tells, read as what they have to be.</summary>
internal static class Outputs
{
    private const int Longest = 64 * 1024;

    /// <summary>The canonical text of outputs; null where they are not those of their kind, or nothing one would put into a file.</summary>
    /// <typeparam name="TOutputs">The kind's outputs.</typeparam>
    /// <param name="json">What was told.</param>
    public static string? Read<TOutputs>(string json)
        where TOutputs : class
    {
        if (json.Length > Longest)
        {
            return null;
        }

        try
        {
            var outputs = ResourceJson.Read<TOutputs>(json);
            var members = ResourceJson.Default.GetTypeInfo(typeof(TOutputs))!.Properties;
            if (members.Any(m => !m.IsGetNullable && m.Get!(outputs) is null or ""))
            {
                return null;
            }

            var text = ResourceJson.Write(outputs);
            using var document = JsonDocument.Parse(text);
            return IsPlain(document.RootElement) ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsPlain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(p => IsPlain(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsPlain),
        JsonValueKind.String => Untrusted.IsName(element.GetString()!),
        _ => true,
    };
}
