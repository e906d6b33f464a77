namespace Tarmak.Cli;

/// <summary>
/// Names of resources. The inventory writes an instance <c>dev/demo/etcd/0</c>; people write <c>dev/demo/etcd-0</c>.
/// Either is taken, the latter is shown.
/// </summary>
internal static class ResourceKeys
{
    /// <summary>The name to show.</summary>
    /// <param name="key">Key in the inventory.</param>
    public static string Shown(string key)
    {
        var hash = key.IndexOf('#', StringComparison.Ordinal);
        var owner = hash < 0 ? key : key[..hash];
        var parts = owner.Split('/');
        return parts.Length == 4
            ? $"{parts[0]}/{parts[1]}/{parts[2]}-{parts[3]}{(hash < 0 ? "" : key[hash..])}"
            : key;
    }

    /// <summary>The inventory's key of what the user named.</summary>
    /// <param name="name">What the user wrote.</param>
    public static string Parse(string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        var owner = (hash < 0 ? name : name[..hash]).Trim('/');
        var parts = owner.Split('/');
        var dash = parts[^1].LastIndexOf('-');
        if (parts.Length == 3 && dash > 0 && dash < parts[2].Length - 1 && parts[2].AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            owner = $"{parts[0]}/{parts[1]}/{parts[2][..dash]}/{parts[2][(dash + 1)..]}";
        }

        return hash < 0 ? owner : owner + name[hash..];
    }

    /// <summary>Whether the key is the ancestor or something below it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ancestor">The ancestor.</param>
    public static bool IsUnder(string key, string ancestor) =>
        key.StartsWith(ancestor, StringComparison.Ordinal)
        && (key.Length == ancestor.Length || key[ancestor.Length] is '/' or '#');

    /// <summary>Key of the owner; null for an environment.</summary>
    /// <param name="key">The key.</param>
    public static string? Parent(string key)
    {
        var hash = key.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            return key[..hash];
        }

        var slash = key.LastIndexOf('/');
        return slash < 0 ? null : key[..slash];
    }

    /// <summary>The environment.</summary>
    /// <param name="key">The key.</param>
    public static string Environment(string key) => key.Split('/', '#')[0];
}
