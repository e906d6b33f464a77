using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tarmak.Configuration.Hiera;

/// <summary>Finds the secrets that data refer to, and refuses data that carry one.</summary>
internal static partial class SecretReferences
{
    private const string Scheme = "secret://";

    /// <summary>Names of all secrets referred to, sorted, each once.</summary>
    /// <exception cref="ArgumentException">A reference is malformed, or a value is a private key.</exception>
    public static IReadOnlyList<string> In(JsonNode data) =>
        [.. Texts(data).Select(NameOrNull).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string? NameOrNull(string text)
    {
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new ArgumentException("The data of an instance carry a private key; only secret:// references may stand there.", nameof(text));
        }

        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var name = text[Scheme.Length..];
        return Name().IsMatch(name)
            ? name
            : throw new ArgumentException($"'{text}' is not a reference to a secret: after {Scheme} come lower-case letters, digits, '.', '_' and '-'.", nameof(text));
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
