namespace Tarmak.Cli;

/// <summary>The kinds of resource and how users name them.</summary>
internal static class Kinds
{
    /// <summary>Plural names, as <c>get</c> takes them.</summary>
    public static readonly IReadOnlyList<string> Plurals = ["environments", "clusters", "pools", "instances", "capabilities", "providers"];

    /// <summary>The kind as the inventory calls it (<c>cluster</c>), from any way to write it; null when there is no such kind.</summary>
    /// <param name="text">What the user or a manifest wrote.</param>
    public static string? Singular(string text) => text.ToLowerInvariant() switch
    {
        "environment" or "environments" or "env" or "envs" => "environment",
        "cluster" or "clusters" => "cluster",
        "pool" or "pools" or "instancepool" or "instancepools" => "pool",
        "instance" or "instances" => "instance",
        "capability" or "capabilities" => "capability",
        "provider" or "providers" => "provider",
        _ => null,
    };

    /// <summary>The kind as lists ask for it (<c>clusters</c>).</summary>
    /// <param name="singular">The kind.</param>
    public static string Plural(string singular) => singular == "capability" ? "capabilities" : singular + "s";

    /// <summary>The kind as manifests write it (<c>Cluster</c>).</summary>
    /// <param name="singular">The kind.</param>
    public static string Manifest(string singular) => singular switch
    {
        "pool" => "InstancePool",
        _ => string.Concat(char.ToUpperInvariant(singular[0]).ToString(), singular.AsSpan(1)),
    };

    /// <summary>How many parts a full name of the kind has.</summary>
    /// <param name="singular">The kind.</param>
    public static int Depth(string singular) => singular switch
    {
        "cluster" => 2,
        "pool" => 3,
        "instance" => 4,
        _ => 1,
    };
}
