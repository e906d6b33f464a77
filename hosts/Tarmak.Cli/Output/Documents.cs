using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tarmak.Cli.Output;

/// <summary>Documents as JSON or YAML text.</summary>
internal static class Documents
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON, indented.</summary>
    /// <param name="document">The document.</param>
    public static string Json(JsonNode document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>YAML of one document, without the line that separates documents.</summary>
    /// <param name="document">The document.</param>
    public static string Yaml(JsonObject document)
    {
        var text = new StringBuilder();
        WriteMap(text, document, 0);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (name, value) in map)
        {
            text.Append(' ', indent).Append(Scalar(name)).Append(':');
            WriteValue(text, value, indent + 2);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: 0 }:
                text.Append(" {}\n");
                break;
            case JsonArray { Count: 0 }:
                text.Append(" []\n");
                break;
            case JsonObject map:
                text.Append('\n');
                WriteMap(text, map, indent);
                break;
            case JsonArray list:
                text.Append('\n');
                WriteList(text, list, indent);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            if (item is JsonObject { Count: > 0 } map)
            {
                // The first field stands on the dash's own line.
                var fields = new StringBuilder();
                WriteMap(fields, map, indent + 2);
                text.Append(' ', indent).Append("- ").Append(fields, indent + 2, fields.Length - indent - 2);
                continue;
            }

            text.Append(' ', indent).Append('-');
            WriteValue(text, item, indent + 2);
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Scalar(scalar.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Scalar(string text) => IsPlain(text) ? text : Quoted(text);

    // Anything a YAML 1.1 or 1.2 reader might take for something else than text is quoted.
    private static bool IsPlain(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]) || text[^1] is ' ' or ':')
        {
            return false;
        }

        if (text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n")
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var plain = char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ' ' or '+' || (c == ':' && text[i + 1] != ' ');
            if (!plain)
            {
                return false;
            }
        }

        return true;
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
