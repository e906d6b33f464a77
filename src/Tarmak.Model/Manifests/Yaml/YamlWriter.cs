using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Writes a JSON tree as block YAML. Text that another reader could take for something else is quoted.</summary>
internal static partial class YamlWriter
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "null", "y", "n" };

    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        WriteFields(text, document, 0);
        return text.ToString();
    }

    private static void WriteFields(StringBuilder text, JsonObject fields, int indent, bool firstInline = false)
    {
        var first = firstInline;
        foreach (var (name, value) in fields)
        {
            text.Append(' ', first ? 0 : indent).Append(Text(name)).Append(':');
            first = false;
            WriteValue(text, value, indent);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                text.Append('\n');
                WriteFields(text, fields, indent + 2);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                WriteItems(text, items, indent + 2);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteItems(StringBuilder text, JsonArray items, int indent)
    {
        foreach (var item in items)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } fields)
            {
                text.Append(' ');
                WriteFields(text, fields, indent + 2, firstInline: true);
            }
            else
            {
                WriteValue(text, item, indent);
            }
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Text(string value) =>
        !value.EndsWith('\n') && !Words.Contains(value) && (PlainText().IsMatch(value) || PlainCidr().IsMatch(value)) ? value : Quoted(value);

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                >= 0x20 and < 0x7F => text.Append((char)rune.Value),
                >= 0xA0 and < 0x2000 => text.Append((char)rune.Value),
                > 0xFFFF => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
            };
        }

        return text.Append('"').ToString();
    }

    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9_./-]*$")]
    private static partial Regex PlainText();

    [GeneratedRegex("^[0-9]+([.][0-9]+){3}/[0-9]+$")]
    private static partial Regex PlainCidr();
}
