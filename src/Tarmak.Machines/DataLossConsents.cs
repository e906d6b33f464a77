using System.Collections.Immutable;
using System.Globalization;

namespace Tarmak.Machines;

/// <summary>
/// The names an owner consented with to lose data: <c>all</c>, a pool (<c>dev/demo/etcd</c>) or a volume
/// (<c>dev/demo/etcd-2/data</c>). That a change's names cover it is checked before it is accepted.
/// </summary>
internal static class DataLossConsents
{
    /// <summary>Those that say anything about a pool.</summary>
    public static ImmutableArray<string> About(this ImmutableArray<string> names, string cluster, string pool) =>
        [.. names.Where(n => IsWhole(n, cluster, pool) || IndexOf(n, cluster, pool) is not null)];

    /// <summary>Those that say anything about one instance.</summary>
    public static ImmutableArray<string> About(this ImmutableArray<string> names, string cluster, string pool, int index) =>
        [.. names.Where(n => IsWhole(n, cluster, pool) || IndexOf(n, cluster, pool) == index)];

    /// <summary>Whether one volume may go.</summary>
    public static bool Cover(this ImmutableArray<string> names, string cluster, string pool, int index, string volume) =>
        names.Any(n => IsWhole(n, cluster, pool) || n == string.Create(CultureInfo.InvariantCulture, $"{cluster}/{pool}-{index}/{volume}"));

    private static bool IsWhole(string name, string cluster, string pool) => name == "all" || name == $"{cluster}/{pool}";

    private static int? IndexOf(string name, string cluster, string pool) =>
        name.StartsWith($"{cluster}/{pool}-", StringComparison.Ordinal)
        && name[(cluster.Length + pool.Length + 2)..].Split('/') is [var index, _]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
