using System.Globalization;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Yaml;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Reads a node by its shape into JSON, filling defaults in and reporting everything that does not fit.</summary>
internal sealed class ShapeReader(ProblemLog log)
{
    private const int LongestEcho = 40;

    // Beginnings differ by cloud and taste (aws_secret_access_key, db_password); what a credential is stands at the end.
    private static readonly string[] CredentialEndings =
    [
        "password", "passwd", "passphrase", "token", "secret", "secretkey", "accesskey", "accesskeyid", "apikey", "apikeyid", "privatekey",
        "clientkey", "credential", "credentials",
    ];

    private static readonly string[] CredentialNames = ["pass", "key"];

    /// <summary>The value as JSON; null where nothing usable is written.</summary>
    public JsonNode? Read(YamlNode node, Shape shape, string path) => shape switch
    {
        ObjectShape fields => ReadObject(node, fields, path),
        ListShape list => ReadList(node, list, path),
        MapShape map => ReadMap(node, map, path),
        TextShape text => ReadText(node, text, path),
        WholeNumberShape number => ReadWholeNumber(node, number, path),
        PriceShape => ReadPrice(node, path),
        FlagShape => ReadFlag(node, path),
        _ => null,
    };

    /// <summary>Whether everything required is there, at every level.</summary>
    public static bool IsWhole(JsonNode? read, Shape shape) => (read, shape) switch
    {
        (JsonObject members, ObjectShape fields) => fields.Fields.All(f => members[f.Name] is { } value ? IsWhole(value, f.Shape) : !f.Required),
        (JsonArray items, ListShape list) => items.All(item => IsWhole(item, list.Item)),
        _ => read is not null,
    };

    private JsonObject? ReadObject(YamlNode node, ObjectShape shape, string path)
    {
        if (node is not YamlMapping mapping)
        {
            log.ReportHole(node, path, $"must be a mapping of fields, not {node.What}");
            return null;
        }

        var result = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Fields)
        {
            ReadField(shape, key, value, path, seen, result);
        }

        foreach (var field in shape.Fields.Where(f => !result.ContainsKey(f.Name)))
        {
            if (field.Default is not null)
            {
                result[field.Name] = Defaulted(field);
            }
            else if (field.Required)
            {
                log.ReportMissing(node, ProblemLog.Join(path, field.Name), $"is missing; it is required: {Lower(field.Description)}");
            }
        }

        return result;
    }

    private void ReadField(ObjectShape shape, YamlScalar key, YamlNode value, string path, HashSet<string> seen, JsonObject result)
    {
        var fieldPath = ProblemLog.Join(path, key.Text);
        if (shape.Find(key.Text) is not { } field)
        {
            log.Report(key, fieldPath, Unknown(shape, key.Text));
            return;
        }

        if (!seen.Add(key.Text))
        {
            log.Report(key, fieldPath, "is written twice; keep one");
            return;
        }

        if (field.Ignored || value is YamlScalar { IsNull: true })
        {
            return;
        }

        if (Read(value, field.Shape, fieldPath) is { } read)
        {
            result[field.Name] = read;
        }
    }

    private JsonArray? ReadList(YamlNode node, ListShape shape, string path)
    {
        if (node is not YamlList list)
        {
            log.ReportHole(node, path, $"must be a list, not {node.What}");
            return null;
        }

        if (list.Items.Count > shape.MostItems)
        {
            log.ReportHole(node, path, string.Create(CultureInfo.InvariantCulture, $"has {list.Items.Count} entries; at most {shape.MostItems} are allowed"));
            return null;
        }

        var result = new JsonArray();
        foreach (var (index, item) in list.Items.Index())
        {
            var read = Read(item, shape.Item, ProblemLog.Join(path, index));
            if (read is not null || shape.Item is ObjectShape)
            {
                // An object that could not be read keeps its place, so that those after it keep their paths.
                result.Add(read);
            }
        }

        return result;
    }

    private JsonObject? ReadMap(YamlNode node, MapShape shape, string path)
    {
        if (node is not YamlMapping mapping)
        {
            log.Report(node, path, $"must be a mapping of keys to text, not {node.What}");
            return null;
        }

        var result = new JsonObject();
        foreach (var (key, value) in mapping.Fields)
        {
            var entryPath = ProblemLog.Join(path, key.Text);
            if (ReadText(key, shape.Key, entryPath) is null)
            {
                continue;
            }

            if (result.ContainsKey(key.Text))
            {
                log.Report(key, entryPath, "is written twice; keep one");
            }
            else
            {
                result[key.Text] = value is YamlScalar { IsNull: true } ? "" : ReadText(value, shape.Value, entryPath);
            }
        }

        return result;
    }

    private JsonValue? ReadText(YamlNode node, TextShape shape, string path)
    {
        if (node is not YamlScalar scalar || scalar.IsNull)
        {
            log.ReportHole(node, path, $"must be text, not {node.What}");
            return null;
        }

        var text = scalar.Text;
        if (shape.Values.Count > 0 && !shape.Values.Contains(text))
        {
            log.ReportHole(node, path, NotOneOf(text, shape.Values));
            return null;
        }

        var problem = text.Length == 0 && !shape.MayBeEmpty ? "is empty; write a value or leave the field out"
            : text.Length > shape.MostCharacters ? string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters; at most {shape.MostCharacters} are allowed")
            : HasLoneSurrogate(text) ? "holds half a character; write whole Unicode characters"
            : text.Length == 0 ? null : shape.Check?.Invoke(text);
        if (problem is null)
        {
            return JsonValue.Create(text);
        }

        log.Report(node, path, problem);
        return null;
    }

    private JsonValue? ReadWholeNumber(YamlNode node, WholeNumberShape shape, string path)
    {
        if (node is YamlScalar { IsPlain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= shape.Least && number <= shape.Most)
        {
            return JsonValue.Create(number);
        }

        log.Report(node, path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {shape.Least} to {shape.Most}, not {Echo(node)}"));
        return null;
    }

    private JsonValue? ReadPrice(YamlNode node, string path)
    {
        if (node is YamlScalar { IsPlain: true } scalar
            && decimal.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= PriceShape.Most)
        {
            return JsonValue.Create(number);
        }

        log.Report(node, path, $"must be a price an hour above 0, as 0.05, not {Echo(node)}");
        return null;
    }

    private JsonValue? ReadFlag(YamlNode node, string path)
    {
        if (node is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar)
        {
            return JsonValue.Create(scalar.Text == "true");
        }

        log.Report(node, path, $"must be true or false, not {Echo(node)}");
        return null;
    }

    private static JsonNode Defaulted(Field field)
    {
        var value = field.Default!.DeepClone();
        if (field.Shape is ObjectShape shape && value is JsonObject members)
        {
            foreach (var inner in shape.Fields.Where(f => f.Default is not null && !members.ContainsKey(f.Name)))
            {
                members[inner.Name] = Defaulted(inner);
            }
        }

        return value;
    }

    private static string Unknown(ObjectShape shape, string name)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (CredentialNames.Contains(plain) || CredentialEndings.Any(ending => plain.EndsWith(ending, StringComparison.Ordinal)))
        {
            return "is a credential, and manifests never hold one; name where it is kept instead, in the provider's spec: credentialsFrom: { file: PATH }, { env: NAME } or { secretStore: PATH }";
        }

        return name == "<<"
            ? "is a YAML merge, which manifests do not have; write the fields out"
            : Suggestion.Nearest(name, shape.Fields.Select(f => f.Name)) is { } near
            ? $"is not a known field; did you mean {near}?"
            : $"is not a known field; known here: {string.Join(", ", shape.Fields.Select(f => f.Name))}";
    }

    /// <summary>What to say of a value outside a closed list.</summary>
    public static string NotOneOf(string text, IReadOnlyList<string> values)
    {
        var near = Suggestion.Nearest(text, values);
        var known = values.Count == 1 ? $"must be {values[0]}" : $"must be one of {string.Join(", ", values)}";
        return $"{known}, not '{Shorten(text)}'" + (near is null || values.Count == 1 ? "" : $"; did you mean {near}?");
    }

    private static string Echo(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } or YamlList or YamlMapping => node.What,
        YamlScalar { IsPlain: true } scalar => Shorten(scalar.Text),
        YamlScalar scalar => $"the text \"{Shorten(scalar.Text)}\" (leave the quotes out)",
        _ => node.What,
    };

    private static string Shorten(string text)
    {
        var clean = new string([.. text.Take(LongestEcho).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > LongestEcho ? clean + "…" : clean;
    }

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
