using System.Text.RegularExpressions;

namespace Tarmak.Model.Resources;

/// <summary>Names of repositories in a registry: an environment's are one word, a cluster's begin with the cluster's.</summary>
public static partial class RepositoryNames
{
    /// <summary>Longest word of a name, in characters.</summary>
    public const int LongestWord = 63;

    internal const string WordPattern = "^[a-z0-9]+([._-][a-z0-9]+)*$";

    /// <summary>Words that registries' paths have after a repository's name. No name may have them: who decides by the path must not take one for the other.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["blobs", "manifests", "referrers", "tags", "uploads"];

    /// <summary>The name of a cluster's repository in the registry.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="repository">The repository's name in the cluster.</param>
    /// <returns>The name.</returns>
    public static string OfCluster(string cluster, string repository) => $"{cluster}/{repository}";

    /// <summary>Whether a text is the name of a repository in a registry.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = name.Split('/');
        return words.Length <= 2 && words.All(word => word.Length <= LongestWord && IsWord(word) && !Reserved.Contains(word));
    }

    // $ also matches before a final line break.
    internal static bool IsWord(string word) => Word().IsMatch(word) && !word.EndsWith('\n');

    [GeneratedRegex(WordPattern)]
    private static partial Regex Word();
}
