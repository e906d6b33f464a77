using System.Globalization;

namespace Tarmak.Gateway.Operators;

/// <summary>Keys as people write them: an instance is <c>dev/demo/etcd-0</c> there and <c>dev/demo/etcd/0</c> in the inventory. Either is taken.</summary>
internal static class KeyText
{
    /// <summary>The inventory's key.</summary>
    public static string Parse(string text)
    {
        var (owner, rest) = Split(text.Trim());
        var parts = owner.Trim('/').Split('/');
        if (parts.Length == 3 && parts[2].LastIndexOf('-') is > 0 and var dash
            && int.TryParse(parts[2].AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return $"{parts[0]}/{parts[1]}/{parts[2][..dash]}/{parts[2][(dash + 1)..]}{rest}";
        }

        return string.Join('/', parts) + rest;
    }

    /// <summary>The key as people write it.</summary>
    public static string Shown(string key)
    {
        var (owner, rest) = Split(key);
        var parts = owner.Split('/');
        return parts.Length == 4 ? $"{parts[0]}/{parts[1]}/{parts[2]}-{parts[3]}{rest}" : key;
    }

    private static (string Owner, string Below) Split(string key) =>
        key.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? (key[..hash], key[hash..]) : (key, "");
}
